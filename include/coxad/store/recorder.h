// SPDX-License-Identifier: MIT
#pragma once
/* Writes a capture while coxad runs. Owns the file. A failing disk ends the recording, never the
 * daemon: the first error is returned once, later calls do nothing.
 */
#include "coxad/wire/capture.h"

struct recorder;

/* Makes or truncates the file; "-" is not taken. -errno. */
int recorder_new(const char *path, struct recorder **ret);
struct recorder *recorder_free(struct recorder *recorder);
/* 0, or -errno of the failure that ended the recording. An event that cannot be written as a line
 * (a command whose payload is no JSON object) is left out. */
int recorder_put(struct recorder *recorder, const struct capture_event *event);
/* Hands what is buffered to the kernel. */
int recorder_flush(struct recorder *recorder);
