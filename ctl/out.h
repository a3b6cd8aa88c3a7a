// SPDX-License-Identifier: MIT
#pragma once
/* What people see: tables, messages, colours. What comes from elsewhere is printed without anything
 * that a terminal could take for an order. Messages go to standard error. Colour only on a terminal,
 * and not where NO_COLOR is set (no-color.org).
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum out_look { OUT_PLAIN, OUT_GOOD, OUT_WARN, OUT_BAD, OUT_FAINT, OUT_HEAD };

struct out_table {
	size_t n_columns, n, capacity; /* cells, row by row */
	const char *const *head;
	struct out_cell {
		char *text;
		enum out_look look;
	} * cell;
};

/* "coxactl: ..."; further lines are indented. */
void out_message(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool out_is_terminal(FILE *file);
/* Before and after a text of that look; empty where there is no colour. */
const char *out_begin(FILE *file, enum out_look look);
const char *out_end(FILE *file, enum out_look look);
void out_clean(FILE *file, const char *text);

/* head: n names of columns, borrowed for life. */
void out_table_begin(struct out_table *table, const char *const *head, size_t n);
/* Copies. In the order of columns, row after row; NULL is "-". */
void out_table_add(struct out_table *table, enum out_look look, const char *text);
/* Prints and frees. Without a row, the head too is left out. */
void out_table_end(struct out_table *table, FILE *file);

/* One document, and its end of line. An exit status. */
int out_json(const json_t *json);
/* A member as text: "-" where it is null or missing. ret is returned. */
const char *out_member(
	const json_t *object, const char *key, const char *unit, char *ret, size_t size);
