// SPDX-License-Identifier: MIT
/* libinih (0.55) only splits clean lines into key and value. On its own it reports no line numbers,
 * silently cuts lines at 200 bytes and reads the rest as another line, cuts section names at 50, and
 * appends an indented line to the value above. So each line is cleaned and checked here first.
 */
#include "coxad/config/conf-read.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/utf8.h"
#include "daemon/config/conf-build.h"
#include "daemon/config/conf-check.h"
#include "daemon/config/conf-signs.h"
#include "daemon/config/conf-value.h"

#define LINE_MAX_    198 /* the 200 of libinih, less newline and terminator */
#define SECTION_MAX_ 49

struct reader {
	struct conf_build *build;
	const char *at, *end;
	bool is_pending; /* the last line has not reached take_key yet */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A comment begins with # or ; at the beginning of a line or after a blank. */
static size_t without_comment(const char *line, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((line[i] == '#' || line[i] == ';') && (i == 0 || is_blank(line[i - 1]))) {
			size = i;
			break;
		}
	while (size > 0 && is_blank(line[size - 1]))
		size--;
	return size;
}

static void section_line(struct reader *reader, const char *line, size_t size)
{
	struct conf_build *build = reader->build;
	const char *close = memchr(line, ']', size);
	const char *from = line + 1, *to = close;
	char text[SECTION_MAX_ + 1];

	build->section = CONF_SECTION_COUNT;
	build->has_section = true;
	if (!close || close != line + size - 1) {
		conf_build_error(build, build->here, "a section ends with ]; did you mean %.*s]?",
			(int)(close ? close - line : (ptrdiff_t)size), line);
		return;
	}
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	if ((size_t)(to - from) > SECTION_MAX_) {
		conf_build_error(build, build->here, "section name too long; allowed: %u bytes",
			SECTION_MAX_);
		return;
	}
	memcpy(text, from, (size_t)(to - from));
	text[to - from] = '\0';
	for (char *c = text; *c; c++)
		if (*c == '\t')
			*c = ' ';
	conf_build_section(build, text);
}

/* False if the line is not for libinih. */
static bool accept_line(struct reader *reader, const char *line, size_t size)
{
	struct conf_build *build = reader->build;
	char error[CONF_ERROR_SIZE];

	if (memchr(line, '\0', size)) {
		conf_build_error(
			build, build->here, "contains a NUL byte; save the file as UTF-8 text");
		return false;
	}
	if (!utf8_is_valid(line, size)) {
		conf_build_error(
			build, build->here, "not valid UTF-8; save the file as UTF-8 text");
		return false;
	}
	for (size_t i = 0; i < size; i++)
		if (((unsigned char)line[i] < 0x20 && line[i] != '\t') || line[i] == 0x7f) {
			conf_build_error(build, build->here,
				"contains a control character (0x%02x); remove it",
				(unsigned)(unsigned char)line[i]);
			return false;
		}
	size = without_comment(line, size);
	if (size == 0)
		return false;
	if (conf_signs_check(line, size, error) < 0) {
		conf_build_error(build, build->here, "%s", error);
		return false;
	}
	if (line[0] == '[') {
		section_line(reader, line, size);
		return false;
	}
	if (size > LINE_MAX_) {
		conf_build_error(build, build->here, "line too long: %zu bytes; allowed: %u", size,
			LINE_MAX_);
		return false;
	}
	return true;
}

static void check_taken(struct reader *reader)
{
	if (reader->is_pending)
		conf_build_error(reader->build, reader->build->here,
			"neither a section nor a setting; allowed: [SECTION] or KEY = VALUE");
	reader->is_pending = false;
}

/* Like fgets: the next line for libinih, empty if it is not for it. */
static char *next_line(char *buffer, int capacity, void *user)
{
	struct reader *reader = user;
	const char *line = reader->at, *newline;
	size_t size;

	check_taken(reader);
	if (reader->at == reader->end || capacity < LINE_MAX_ + 2)
		return NULL;
	newline = memchr(line, '\n', (size_t)(reader->end - line));
	size = (size_t)((newline ? newline : reader->end) - line);
	reader->at = newline ? newline + 1 : reader->end;
	reader->build->here.line++;
	if (size > 0 && line[size - 1] == '\r')
		size--;
	while (size > 0 && is_blank(*line)) {
		line++;
		size--;
	}
	if (!accept_line(reader, line, size)) {
		buffer[0] = '\n';
		buffer[1] = '\0';
		return buffer;
	}
	size = without_comment(line, size);
	memcpy(buffer, line, size);
	buffer[size] = '\n';
	buffer[size + 1] = '\0';
	reader->is_pending = true;
	return buffer;
}

static int take_key(void *user, const char *section, const char *key, const char *value)
{
	struct reader *reader = user;

	reader->is_pending = false;
	conf_build_key(reader->build, key, value);
	return 1;
}

static void read_file(struct conf_build *build, unsigned file)
{
	const struct conf_source *source = &build->files[file];
	struct reader reader = {
		.build = build, .at = source->data, .end = source->data + source->size};

	build->here = (struct conf_place){.file = file};
	build->section = CONF_SECTION_COUNT;
	build->has_section = false;
	if (source->size > CONF_FILE_MAX) {
		conf_build_error(build, build->here, "file too large: %zu bytes; allowed: %u",
			source->size, CONF_FILE_MAX);
		return;
	}
	if (source->size == 0)
		return;
	if (source->size >= 3 && memcmp(source->data, "\xef\xbb\xbf", 3) == 0)
		reader.at += 3;
	ini_parse_stream(next_line, &reader, take_key, &reader);
	check_taken(&reader);
}

static int by_place(const void *a, const void *b)
{
	const struct conf_error *x = a, *y = b;

	if (x->place.file != y->place.file)
		return x->place.file < y->place.file ? -1 : 1;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

int conf_read(
	const struct conf_source *files, size_t n, struct conf **ret, struct conf_errors *errors)
{
	static const struct conf_source none = {.name = "(no file)"};
	struct conf_build *build = new0(struct conf_build);
	int r = 0;

	conf_build_init(build, n ? files : &none);
	for (size_t i = 0; i < n; i++)
		read_file(build, (unsigned)i);
	conf_check(build);
	if (build->n_errors) {
		qsort(build->errors, build->n_errors, sizeof(*build->errors), by_place);
		for (size_t i = 0; i < build->n_errors; i++)
			conf_errors_take(errors, steal(build->errors[i].text));
		r = -EINVAL;
	} else {
		*ret = steal(build->conf);
	}
	conf_build_done(build);
	free(build);
	return r;
}
