// SPDX-License-Identifier: MIT
#include "daemon/store/history-memory.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

static void drop_row(struct history_memory *memory, struct history_memory_row *row)
{
	size_t after = (size_t)(memory->row + memory->n - row - 1);

	free(row->name);
	free(row->text);
	memmove(row, row + 1, after * sizeof(*row));
	memory->n--;
}

void history_memory_done(struct history_memory *memory)
{
	while (memory->n)
		drop_row(memory, &memory->row[memory->n - 1]);
	free(memory->row);
	*memory = (struct history_memory){0};
}

static int compare(const struct history_memory_row *row, enum history_kind kind, const char *name)
{
	if (row->kind != kind)
		return row->kind < kind ? -1 : 1;
	return strcmp(row->name, name);
}

/* Where it is, or where it belongs. */
static size_t place_of(
	const struct history_memory *memory, enum history_kind kind, const char *name)
{
	size_t low = 0, high = memory->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&memory->row[middle], kind, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct history_memory_row *history_memory_find(
	const struct history_memory *memory, enum history_kind kind, const char *name)
{
	size_t at = place_of(memory, kind, name);

	return at < memory->n && !compare(&memory->row[at], kind, name) ? &memory->row[at] : NULL;
}

static struct history_memory_row *add_row(
	struct history_memory *memory, enum history_kind kind, const char *name)
{
	size_t at = place_of(memory, kind, name);
	struct history_memory_row *row;

	memory->row = alloc_grow(memory->row, memory->n, &memory->capacity, sizeof(*memory->row));
	row = &memory->row[at];
	memmove(row + 1, row, (memory->n - at) * sizeof(*row));
	memory->n++;
	*row = (struct history_memory_row){.kind = kind, .name = alloc_text(name)};
	return row;
}

static void set_text(struct history_memory *memory, struct history_memory_row *row,
	const struct history_row *from)
{
	memory->bytes += from->size;
	memory->bytes -= row->size;
	free(row->text);
	row->text = NULL;
	row->size = from->size;
	if (from->size) {
		row->text = alloc_zero(1, from->size + 1);
		memcpy(row->text, from->text, from->size);
	}
}

bool history_memory_put(
	struct history_memory *memory, const struct history_row *from, size_t max_bytes)
{
	struct history_memory_row *row = history_memory_find(memory, from->kind, from->name);

	if (memory->bytes - (row ? row->size : 0) + from->size > max_bytes)
		return false;
	if (!row)
		row = add_row(memory, from->kind, from->name);
	set_text(memory, row, from);
	row->changed = ++memory->changes;
	row->is_old = false;
	return true;
}

bool history_memory_adopt(struct history_memory *memory, const struct history_row *from)
{
	struct history_memory_row *row = history_memory_find(memory, from->kind, from->name);

	if (row)
		return false;
	row = add_row(memory, from->kind, from->name);
	set_text(memory, row, from);
	row->changed = row->posted = row->stored = ++memory->changes;
	row->is_old = true;
	return true;
}

void history_memory_stored(
	struct history_memory *memory, enum history_kind kind, const char *name, uint64_t changed)
{
	struct history_memory_row *row = history_memory_find(memory, kind, name);

	if (!row)
		return;
	if (changed > row->stored)
		row->stored = changed;
	if (!row->text && row->stored == row->changed)
		drop_row(memory, row);
}

void history_memory_unpost(struct history_memory *memory)
{
	for (size_t i = 0; i < memory->n; i++)
		memory->row[i].posted = memory->row[i].stored;
}

void history_memory_unstore(struct history_memory *memory)
{
	for (size_t i = 0; i < memory->n; i++)
		memory->row[i].posted = memory->row[i].stored = 0;
}

size_t history_memory_n_dirty(const struct history_memory *memory)
{
	size_t n = 0;

	for (size_t i = 0; i < memory->n; i++)
		n += memory->row[i].stored < memory->row[i].changed;
	return n;
}

/* Neither file has it. */
static bool is_exposed(const struct history_memory_row *row)
{
	return row->changed != row->stored && row->changed != row->ahead;
}

/* What is being written to history.db is there before what is posted now. */
static bool is_uncollected(const struct history_memory_row *row)
{
	return is_exposed(row) && row->changed != row->posted;
}

bool history_memory_has_exposed(const struct history_memory *memory)
{
	for (size_t i = 0; i < memory->n; i++)
		if (is_exposed(&memory->row[i]))
			return true;
	return false;
}

bool history_memory_has_uncollected(const struct history_memory *memory)
{
	for (size_t i = 0; i < memory->n; i++)
		if (is_uncollected(&memory->row[i]))
			return true;
	return false;
}

void history_memory_collect(struct history_memory *memory, struct ahead_rows *ret)
{
	for (size_t i = 0; i < memory->n; i++) {
		struct history_memory_row *row = &memory->row[i];

		if (!is_uncollected(row))
			continue;
		row->ahead = row->changed;
		ahead_rows_add(ret, &(struct ahead_row){.book = AHEAD_ROWS_HISTORY,
					    .kind = history_kind_to_string(row->kind),
					    .name = row->name,
					    .text = row->text,
					    .size = row->size});
	}
}

void history_memory_uncollect(struct history_memory *memory)
{
	for (size_t i = 0; i < memory->n; i++)
		memory->row[i].ahead = 0;
}

void history_memory_erase(struct history_memory *memory, enum history_kind kind, const char *name)
{
	struct history_memory_row *row = history_memory_find(memory, kind, name);

	if (!row)
		return;
	memory->bytes -= row->size;
	drop_row(memory, row);
}
