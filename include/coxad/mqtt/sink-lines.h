// SPDX-License-Identifier: MIT
#pragma once
/* Messages as lines on a stream: --print, and --replay. Owns a line buffer, borrows the stream.
 * A write that fails is kept and told once: a reader that went away must end the run, not be
 * ignored.
 */
#include <stdbool.h>
#include <stdio.h>

#include "coxad/wire/message.h"

struct sink_lines;

/* is_live: each line is flushed as it is written. */
struct sink_lines *sink_lines_new(FILE *stream, bool is_live);
struct sink_lines *sink_lines_free(struct sink_lines *sink);
/* 0, or the -errno of the first write that failed. */
int sink_lines_push(struct sink_lines *sink, const struct message *message);
/* Flushes; 0 or the first -errno. */
int sink_lines_flush(struct sink_lines *sink);
