// SPDX-License-Identifier: MIT
#include "tests/config/key-text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-read.h"
#include "daemon/config/conf-value.h"

/* "0 to 10 Hz", with the default if there is one. */
static void allowed(const struct conf_row *row, char ret[static CONF_ERROR_SIZE])
{
	struct analysis_conf defaults;
	char value[32];

	conf_value_allowed(row, ret, CONF_ERROR_SIZE / 2);
	if (row->section == CONF_SECTION_ANALYSIS) {
		analysis_conf_default(&defaults);
		snprintf(value, sizeof(value), "%.10g",
			*(const double *)(const void *)((const char *)&defaults + row->offset -
							offsetof(struct conf, analysis)));
	} else {
		snprintf(value, sizeof(value), "%s", row->def ? row->def : "");
	}
	if (value[0])
		snprintf(ret + strlen(ret), CONF_ERROR_SIZE / 2, "; default %s", value);
}

/* Wraps a comment of the shipped file. */
static void put_comment(FILE *file, const char *text)
{
	size_t column = 0;

	for (const char *word = text; *word;) {
		size_t n = strcspn(word, " ");

		if (column + n + 1 > 98) {
			fputc('\n', file);
			column = 0;
		}
		column += (size_t)fprintf(file, "%s%.*s", column ? " " : "# ", (int)n, word);
		word += n + (word[n] == ' ');
	}
	fputc('\n', file);
}

static void conf_row(FILE *file, const struct conf_row *row)
{
	char key[CONF_KEY_SIZE], may[CONF_ERROR_SIZE], comment[CONF_ERROR_SIZE * 2];

	conf_table_key(row, key);
	allowed(row, may);
	snprintf(comment, sizeof(comment), "%s (%s)", row->doc, may);
	put_comment(file, comment);
	fprintf(file, "#%s =%s%s\n", key, row->def ? " " : "", row->def ? row->def : "");
}

char *key_text_conf(void)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	for (unsigned s = 0; s < CONF_SECTION_KIT; s++) {
		fprintf(file, "\n[%s]\n", conf_section_to_string((enum conf_section)s));
		if (s == CONF_SECTION_ANALYSIS) {
			put_comment(file,
				"The thresholds of the decision model and what they mean are in "
				"coxad.conf(5) and in the output of coxad --print-config.");
			continue;
		}
		for (size_t i = 0; i < conf_table_size; i++)
			if (conf_table[i].section == s)
				conf_row(file, &conf_table[i]);
	}
	fclose(file);
	return text;
}

static void put_roff(FILE *file, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", file);
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", file);
		else if (*text == '\\')
			fputs("\\e", file);
		else
			fputc(*text, file);
	}
}

static void man_row(FILE *file, const struct conf_row *row)
{
	char key[CONF_KEY_SIZE], may[CONF_ERROR_SIZE];

	conf_table_key(row, key);
	allowed(row, may);
	fputs(".TP\n.B ", file);
	put_roff(file, key);
	fputc('\n', file);
	put_roff(file, row->doc);
	fputs(".\n(", file);
	put_roff(file, may);
	fputs(")\n", file);
}

char *key_text_man(void)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	for (unsigned s = 0; s < CONF_SECTION_COUNT; s++) {
		fprintf(file, ".SS [%s%s]\n", conf_section_to_string((enum conf_section)s),
			s >= CONF_SECTION_KIT ? " NAME" : "");
		for (size_t i = 0; i < conf_table_size; i++)
			if (conf_table[i].section == s)
				man_row(file, &conf_table[i]);
	}
	fclose(file);
	return text;
}
