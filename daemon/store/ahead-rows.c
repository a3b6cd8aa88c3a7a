// SPDX-License-Identifier: MIT
#include "coxad/store/ahead-rows.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

void ahead_rows_add(struct ahead_rows *rows, const struct ahead_row *row)
{
	struct ahead_row *copy;

	rows->row = alloc_grow(rows->row, rows->n, &rows->capacity, sizeof(*rows->row));
	copy = &rows->row[rows->n++];
	*copy = *row;
	copy->kind = alloc_text(row->kind);
	copy->name = alloc_text(row->name);
	copy->text = alloc_zero(1, row->size + 1);
	if (row->size)
		memcpy((char *)copy->text, row->text, row->size);
	rows->bytes += row->size;
}

void ahead_rows_done(struct ahead_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		free((char *)rows->row[i].kind);
		free((char *)rows->row[i].name);
		free((char *)rows->row[i].text);
	}
	free(rows->row);
	*rows = (struct ahead_rows){0};
}
