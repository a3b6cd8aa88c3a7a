// SPDX-License-Identifier: MIT
#pragma once
/* What the texts of the history have in common: the rows of their field tables, and the version
 * that each text carries. Something that older texts do not have is a member that may be missing;
 * the version changes only if an older text could no longer be understood.
 */
#include <jansson.h>
#include <stddef.h>

#include "coxad/core/time/wall-clock.h"
#include "daemon/wire/history-field.h"

#define HISTORY_VERSION 1

#define ROW(struct_, key_, type_, field)                                                           \
	{                                                                                          \
		.key = key_, .type = HISTORY_FIELD_##type_,                                        \
		.offset = offsetof(struct struct_, field)                                          \
	}
#define ROW_TEXT(struct_, key_, field)                                                             \
	{                                                                                          \
		.key = key_, .type = HISTORY_FIELD_TEXT,                                           \
		.offset = offsetof(struct struct_, field),                                         \
		.size = sizeof(((struct struct_ *)NULL)->field)                                    \
	}
#define ROW_TERM(struct_, key_, field, count, fn)                                                  \
	{                                                                                          \
		.key = key_, .type = HISTORY_FIELD_TERM,                                           \
		.offset = offsetof(struct struct_, field), .size = count, .term = fn               \
	}
#define ROW_NONE(struct_, key_, field, count, fn)                                                  \
	{                                                                                          \
		.key = key_, .type = HISTORY_FIELD_TERM_OR_NONE,                                   \
		.offset = offsetof(struct struct_, field), .size = count, .term = fn               \
	}

/* Takes the object; returns-owned. */
char *history_text_write(json_t *json);
/* Returns-owned; NULL if it is not an object with this key and version. */
json_t *history_text_read(const char *text, size_t size, const char *key);
/* For writing; the clock is borrowed. */
struct history_time history_text_time(const struct wall_clock *clock);
/* Into the finished text: which boot its host times are of, and what is the latest in it. */
void history_text_write_boot(json_t *json, const struct history_time *time);
/* For reading this text. */
struct history_time history_text_time_of(const json_t *json, const struct wall_clock *clock);
