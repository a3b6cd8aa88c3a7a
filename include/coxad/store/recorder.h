// SPDX-License-Identifier: MIT
#pragma once
/* Writes a capture while coxad runs. Owns the file. An error of the disk ends the recording, not the
 * daemon: it is returned once, later calls do nothing.
 */
#include "coxad/wire/capture.h"

struct recorder;

/* Creates or truncates the file. -errno. */
int recorder_new(const char *path, struct recorder **ret);
/* Into a file that the caller has open; takes fd, also if it fails. -EMEDIUMTYPE: it is no regular
 * file, which might never take what is written. */
int recorder_new_fd(int fd, struct recorder **ret);
struct recorder *recorder_free(struct recorder *recorder);
/* 0, or the -errno that ended the recording. An event too long for a line is left out. */
int recorder_put(struct recorder *recorder, const struct capture_event *event);
/* Passes what is buffered to the kernel. */
int recorder_flush(struct recorder *recorder);
