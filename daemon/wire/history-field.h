// SPDX-License-Identifier: MIT
#pragma once
/* Plain structs to JSON objects and back, by a table with a row for each field. Pure. */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/time/wall-clock.h"

enum history_field_type {
	HISTORY_FIELD_TEXT, /* char [size] */
	HISTORY_FIELD_BOOL,
	HISTORY_FIELD_INT,     /* int */
	HISTORY_FIELD_COUNT,   /* unsigned or uint32_t, up to 2^31 */
	HISTORY_FIELD_NUMBER,  /* double; missing: 0 */
	HISTORY_FIELD_UNKNOWN, /* double; null or missing: NAN */
	HISTORY_FIELD_TIME,    /* int64_t, host time */
	HISTORY_FIELD_CODES,   /* uint64_t mask of CODE_BIT */
	HISTORY_FIELD_TERM,    /* an enum of `size` words; another word makes the object invalid */
	HISTORY_FIELD_TERM_OR_NONE /* the same, or null for the value `size` */
};

struct history_field {
	const char *key;
	enum history_field_type type;
	size_t offset;
	size_t size;     /* bytes of a text, or number of words */
	double min, max; /* of INT */
	const char *(*term)(unsigned value);
};

/* Instants further away, some thousand years, are nonsense. */
#define HISTORY_FIELD_TIME_MAX (INT64_C(1) << 56)

/* How instants are written: as UTC, by which the messages told them, and as host time, which counts
 * within one boot. */
struct history_time {
	const struct wall_clock *clock;
	bool is_same_boot; /* reading: of the host times in the text */
	/* Writing: the latest UTC of all instants, and of those of earlier boots; T_NEVER: none. */
	int64_t latest_us, past_us;
};

/* time may be NULL for fields without instants. */
json_t *history_field_write(const struct history_field *fields, size_t n, const void *object,
	struct history_time *time);
/* An instant under a key, which ends in "us". */
void history_field_write_time(
	json_t *json, const char *key, int64_t t_us, struct history_time *time);
/* Missing or nonsense: host time 0. */
int64_t history_field_read_time(
	const json_t *json, const char *key, const struct history_time *time);
/* -EINVAL if json is not an object or a required word is unknown; *ret may then be partly written.
 * *ret must be zero before. */
int history_field_read(const struct history_field *fields, size_t n, const json_t *json, void *ret,
	const struct history_time *time);
