// SPDX-License-Identifier: MIT
#pragma once
/* A capture file, plain or gzipped, as events. Owns the file and the decoder. Reads block: for
 * replay only.
 */
#include "coxad/wire/capture.h"

struct source_replay;

/* "-" is standard input. -errno if the file cannot be opened. */
int source_replay_new(const char *path, struct source_replay **ret);
struct source_replay *source_replay_free(struct source_replay *source);
/* 1: *ret is the next event, borrowed until the next call. 0: the end. Negative: an error, see
 * source_replay_error ("FILE:LINE: what"). */
int source_replay_next(struct source_replay *source, struct capture_event *ret);
/* The caller finds what is wrong with the last event: keeps it as the error. -EINVAL. */
int source_replay_fail(struct source_replay *source, const char *what);
const char *source_replay_error(const struct source_replay *source);
