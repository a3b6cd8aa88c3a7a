// SPDX-License-Identifier: MIT
#pragma once
/* Writes a capture while coxad runs, on a thread of its own: a disk, or the reader of a pipe, that hangs
 * holds up nothing. Owns the file. An error, or a disk that lags by more than RECORDER_BYTES_MAX, ends the
 * recording, not the daemon: it is returned once, later calls do nothing.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/wire/capture.h"

/* A minute of twelve wearables, or some seconds of their sound. */
#define RECORDER_BYTES_MAX (4U * 1024 * 1024)

struct recorder;

/* Creates or truncates the file. -errno. */
int recorder_new(const char *path, struct recorder **ret);
/* Into a file that the caller has open; takes fd, also if it fails. -EMEDIUMTYPE: it is no regular
 * file, which might never take what is written. */
int recorder_new_fd(int fd, struct recorder **ret);
/* Waits for timeout_us at most until all is written. What still hangs then is left to the thread. */
struct recorder *recorder_free(struct recorder *recorder, int64_t timeout_us);
/* 0, or the -errno that ended the recording; -ENOBUFS: the disk lags. 1: the event is too long for a line,
 * or not text, and is left out. */
int recorder_put(struct recorder *recorder, const struct capture_event *event);
/* Has what was put written soon. As recorder_put. */
int recorder_flush(struct recorder *recorder);
/* No more is taken. */
void recorder_end(struct recorder *recorder);
/* After recorder_end: the file is complete, and closed. */
bool recorder_is_done(struct recorder *recorder);
