// SPDX-License-Identifier: MIT
#pragma once
/* Messages as lines on a stream: --print and --replay. Owns a line buffer, borrows the stream. The
 * first write that fails is remembered: when the reader is gone, the run must end.
 */
#include <stdbool.h>
#include <stdio.h>

#include "coxad/wire/message.h"

struct sink_lines;

/* is_live: flush each line. */
struct sink_lines *sink_lines_new(FILE *stream, bool is_live);
struct sink_lines *sink_lines_free(struct sink_lines *sink);
/* 0, or the -errno of the first write that failed. */
int sink_lines_push(struct sink_lines *sink, const struct message *message);
/* Flushes; 0 or the first -errno. */
int sink_lines_flush(struct sink_lines *sink);
