// SPDX-License-Identifier: MIT
#pragma once
/* The history in memory, and what of it is not on disk. Each change has a number; a row is on disk as
 * of one of them. Owns the texts. A search costs the logarithm of the number of rows.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/store/ahead-rows.h"
#include "daemon/store/history-store.h"

struct history_memory_row {
	enum history_kind kind;
	char *name;
	char *text; /* NULL: deleted */
	size_t size;
	uint64_t changed, posted, stored; /* stored <= posted <= changed */
	uint64_t ahead;                   /* as of this change it was collected for outbox.db */
	bool is_old;                      /* of an earlier run */
};

struct history_memory {
	struct history_memory_row *row; /* by kind and name */
	size_t n, capacity;
	size_t bytes; /* of all texts */
	uint64_t changes;
};

void history_memory_done(struct history_memory *memory);
struct history_memory_row *history_memory_find(
	const struct history_memory *memory, enum history_kind kind, const char *name);
/* Replaces; a row of size 0 is deleted once that is on disk. False if there is no room for it. */
bool history_memory_put(
	struct history_memory *memory, const struct history_row *row, size_t max_bytes);
/* A row that is on disk already; false: this run has put another there. */
bool history_memory_adopt(struct history_memory *memory, const struct history_row *row);
/* The row, as of this change, is on disk. */
void history_memory_stored(
	struct history_memory *memory, enum history_kind kind, const char *name, uint64_t changed);
/* What was posted and is not on disk is to be posted again. */
void history_memory_unpost(struct history_memory *memory);
/* Nothing is on disk. */
void history_memory_unstore(struct history_memory *memory);
/* Rows that differ from those on disk. */
size_t history_memory_n_dirty(const struct history_memory *memory);
/* Rows that are in no file as they are in memory. */
bool history_memory_has_exposed(const struct history_memory *memory);
/* Of them, those that are not being written either; collect appends them. */
bool history_memory_has_uncollected(const struct history_memory *memory);
void history_memory_collect(struct history_memory *memory, struct ahead_rows *ret);
/* As if nothing had been collected. */
void history_memory_uncollect(struct history_memory *memory);
/* The row is not there, whatever is on disk. */
void history_memory_erase(struct history_memory *memory, enum history_kind kind, const char *name);
