// SPDX-License-Identifier: MIT
#pragma once
/* Plain structs to JSON objects and back, by a table with a row for each field. Pure. */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum history_field_type {
	HISTORY_FIELD_TEXT, /* char [size] */
	HISTORY_FIELD_BOOL,
	HISTORY_FIELD_INT,     /* int */
	HISTORY_FIELD_COUNT,   /* unsigned or uint32_t, up to 2^31 */
	HISTORY_FIELD_NUMBER,  /* double; missing: 0 */
	HISTORY_FIELD_UNKNOWN, /* double; null or missing: NAN */
	HISTORY_FIELD_TIME,    /* int64_t, host time here and wall time in the text */
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

/* offset_us is added to instants when writing, and subtracted when reading. */
json_t *history_field_write(
	const struct history_field *fields, size_t n, const void *object, int64_t offset_us);
/* -EINVAL if json is not an object or a required word is unknown; *ret may then be partly written.
 * *ret must be zero before. */
int history_field_read(const struct history_field *fields, size_t n, const json_t *json, void *ret,
	int64_t offset_us);
