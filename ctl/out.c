// SPDX-License-Identifier: MIT
#include "ctl/out.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/base/utf8.h"
#include "ctl/ctl.h"

#define MESSAGE_BYTES 4096

bool out_is_terminal(FILE *file)
{
	return isatty(fileno(file)) == 1;
}

static const char *const looks[] = {[OUT_PLAIN] = "",
	[OUT_GOOD] = "\033[32m",
	[OUT_WARN] = "\033[33m",
	[OUT_BAD] = "\033[1;31m",
	[OUT_FAINT] = "\033[2m",
	[OUT_HEAD] = "\033[4m"};

static bool has_colour(FILE *file)
{
	return out_is_terminal(file) && !getenv("NO_COLOR");
}

const char *out_begin(FILE *file, enum out_look look)
{
	return has_colour(file) ? looks[look] : "";
}

const char *out_end(FILE *file, enum out_look look)
{
	return look != OUT_PLAIN && has_colour(file) ? "\033[0m" : "";
}

static bool is_shown(uint32_t c)
{
	return c >= 0x20 && c != 0x7f && !text_is_hidden(c);
}

void out_clean(FILE *file, const char *text)
{
	size_t size = strlen(text), n;
	uint32_t character;

	for (size_t at = 0; at < size; at += n) {
		n = utf8_next((const uint8_t *)text + at, size - at, &character);
		if (n && is_shown(character)) {
			fwrite(text + at, n, 1, file);
		} else {
			n = n ? n : 1;
			fputc('?', file);
		}
	}
}

/* How many columns of a terminal it takes. */
static size_t width_of_text(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void out_message(const char *format, ...)
{
	char text[MESSAGE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (char *line = text, *rest = text; rest; line = rest) {
		line = strsep(&rest, "\n");
		fputs(line == text ? "coxactl: " : "  ", stderr);
		out_clean(stderr, line);
		fputc('\n', stderr);
	}
}

void out_table_begin(struct out_table *t, const char *const *head, size_t n)
{
	*t = (struct out_table){.n_columns = n, .head = head};
}

void out_table_add(struct out_table *t, enum out_look look, const char *text)
{
	t->cell = alloc_grow(t->cell, t->n, &t->capacity, sizeof(*t->cell));
	t->cell[t->n++] = (struct out_cell){alloc_text(text ? text : "-"), look};
}

static size_t width_of(const struct out_table *t, size_t column)
{
	size_t width = width_of_text(t->head[column]);

	for (size_t i = column; i < t->n; i += t->n_columns)
		if (width_of_text(t->cell[i].text) > width)
			width = width_of_text(t->cell[i].text);
	return width;
}

/* The last column is not filled with blanks. */
static void print_cell(FILE *file, enum out_look look, const char *text, size_t width)
{
	size_t used = width_of_text(text);

	fputs(out_begin(file, look), file);
	out_clean(file, text);
	fputs(out_end(file, look), file);
	fprintf(file, "%*s", width > used ? (int)(width - used) : 0, "");
}

void out_table_end(struct out_table *t, FILE *file)
{
	_auto_free_ size_t *width = alloc_zero(t->n_columns, sizeof(*width));

	for (size_t i = 0; i < t->n_columns; i++)
		width[i] = i + 1 < t->n_columns ? width_of(t, i) + 2 : 0;
	for (size_t i = 0; t->n && i < t->n_columns; i++)
		print_cell(file, OUT_HEAD, t->head[i], width[i]);
	for (size_t i = 0; i < t->n; i++) {
		if (i % t->n_columns == 0)
			fputc('\n', file);
		print_cell(file, t->cell[i].look, t->cell[i].text, width[i % t->n_columns]);
		free(t->cell[i].text);
	}
	if (t->n)
		fputc('\n', file);
	free(t->cell);
	*t = (struct out_table){0};
}

int out_json(const json_t *json)
{
	if (json_dumpf(json, stdout, JSON_INDENT(2)) < 0)
		return CTL_FAILED;
	putchar('\n');
	return CTL_OK;
}

const char *out_member(
	const json_t *object, const char *key, const char *unit, char *ret, size_t size)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_string(value))
		snprintf(ret, size, "%s", json_string_value(value));
	else if (json_is_boolean(value))
		snprintf(ret, size, "%s", json_is_true(value) ? "yes" : "no");
	else if (json_is_number(value))
		snprintf(ret, size, "%.*f%s", fabs(json_number_value(value)) < 10 ? 1 : 0,
			json_number_value(value), unit);
	else
		snprintf(ret, size, "-");
	return ret;
}
