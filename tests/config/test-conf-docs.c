// SPDX-License-Identifier: MIT
/* The documents say what the table says. After a change of the table: make update-docs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-print.h"
#include "coxad/config/conf-read.h"
#include "daemon/config/conf-value.h"
#include "tests/config/key-text.h"

static char *load(const char *path)
{
	const char *top = getenv("COXAD_TOP_SRCDIR");
	char *whole = alloc_printf("%s/%s", top ? top : TOP_SRCDIR, path);
	char *text = alloc_zero(1, 1 << 20);
	FILE *file = fopen(whole, "r");

	if (!file)
		fail_msg("cannot open %s", whole);
	text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
	fclose(file);
	free(whole);
	return text;
}

static void assert_between_marks(const char *path, char *keys)
{
	char *text = load(path);
	char *begin = strstr(text, "keys begin\n"), *end = strstr(text, "keys end");

	assert_non_null(begin);
	assert_non_null(end);
	begin += strlen("keys begin\n");
	while (end > begin && end[-1] != '\n')
		end--;
	*end = '\0';
	if (strcmp(begin, keys) != 0)
		fail_msg("%s is not what the table says: make update-docs", path);
	free(text);
	free(keys);
}

static void shipped_file_has_the_keys_of_the_table(void **state)
{
	assert_between_marks("conf/coxad.conf", key_text_conf());
}

static void man_page_has_the_keys_of_the_table(void **state)
{
	assert_between_marks("doc/coxad.conf.5", key_text_man());
}

static struct conf *read_text(const char *text)
{
	struct conf_source source = {"test", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	if (conf_read(&source, 1, &conf, &errors) < 0)
		fail_msg("%s", errors.text[0]);
	return conf;
}

static void shipped_file_is_the_default(void **state)
{
	char *text = load("conf/coxad.conf");
	struct conf *shipped = read_text(text), *none = read_text("");
	char *a = conf_print(shipped), *b = conf_print(none);

	assert_string_equal(a, b);
	free(a);
	free(b);
	conf_free(shipped);
	conf_free(none);
	free(text);
}

/* It can also be read with the # before every key removed, as a newcomer would do. */
static void shipped_examples_are_allowed(void **state)
{
	char *text = load("conf/coxad.conf"), *out = text;
	struct conf *conf;

	for (char *line = text; *line;) {
		size_t n = strcspn(line, "\n") + 1;
		bool example = line[0] == '#' && line[1] != ' ' && line[1] != '\n';
		bool empty = n > 2 && strncmp(line + n - 2, "=\n", 2) == 0;

		if (line[n - 1] != '\n')
			n--;
		if (example && !empty) {
			memmove(out, line + 1, n - 1);
			out += n - 1;
		}
		line += n;
	}
	*out = '\0';
	/* The defaults lost their sections; the examples below keep theirs. */
	conf = read_text(strstr(text, "[kit 1]"));
	assert_int_equal(conf->n_kits, 1);
	assert_int_equal(conf->n_wearables, 4);
	conf_free(conf);
	free(text);
}

static void configurations_of_captures_are_read(void **state)
{
	static const char *const names[] = {"first-click", "pop-then-pain"};
	const char *data = getenv("COXAD_TEST_DATA");

	if (!data) {
		print_message("COXAD_TEST_DATA is not set: skipped\n");
		skip();
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = alloc_printf("%s/../examples/%s.conf", data, names[i]);
		FILE *file = fopen(path, "r");
		char text[4096] = "";
		struct conf *conf;

		if (!file) {
			print_message("no %s: skipped\n", path);
			free(path);
			skip();
		}
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		fclose(file);
		conf = read_text(text);
		assert_string_equal(conf->gateway.name, "pi-mat-1");
		assert_int_equal(conf->n_wearables, 4);
		conf_free(conf);
		free(path);
	}
}

static void the_table_is_consistent(void **state)
{
	struct conf *conf = new0(struct conf);
	char key[CONF_KEY_SIZE], other[CONF_KEY_SIZE], error[CONF_ERROR_SIZE];
	struct analysis_conf defaults;

	analysis_conf_default(&defaults);
	for (size_t i = 0; i < conf_table_size; i++) {
		const struct conf_row *row = &conf_table[i];
		struct wearable_conf scratch = {0};
		void *base =
			row->section == CONF_SECTION_WEARABLE || row->section == CONF_SECTION_KIT
				? (void *)&scratch
				: (void *)conf;

		assert_true(strlen(row->key) < CONF_KEY_SIZE);
		assert_true(strlen(row->doc) > 5);
		assert_true(row->max >= row->min);
		conf_table_key(row, key);
		for (size_t j = 0; j < i; j++) {
			conf_table_key(&conf_table[j], other);
			if (conf_table[j].section == row->section)
				assert_string_not_equal(key, other);
		}
		if (row->def && conf_value_set(row, base, row->def, error) < 0)
			fail_msg("default of %s %s", key, error);
		if (row->section == CONF_SECTION_ANALYSIS) {
			double def =
				*(const double *)(const void *)((const char *)&defaults +
								row->offset -
								offsetof(struct conf, analysis));

			if (!(def >= row->min && def <= row->max))
				fail_msg("default of %s is out of its range", key);
		}
		if (row->def)
			conf_value_done(row, base);
	}
	conf_free(conf);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* The name of a threshold in the code ends with its unit. */
static void each_threshold_names_its_unit(void **state)
{
	static const struct {
		const char *unit, *end;
	} names[] = {{"ms", "_ms"}, {"s", "_s"}, {"min", "_min"}, {"1/min", "_per_min"},
		{"deg", "_deg"}, {"deg/s", "_deg_s"}, {"deg/s2", "_deg_s2"}, {"dB", "_db"},
		{"dBFS", "_dbfs"}, {"Hz", "_hz"}, {"g", "_g"}, {"of S", "_share"}};
	static const struct {
		const char *field, *unit;
	} rows[] = {
#define X(field, name, def, min, max, unit, doc) {#field, unit},
#include "coxad/core/analysis-list.h"
#undef X
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_known = !rows[i].unit[0];

		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (strcmp(rows[i].unit, names[k].unit) == 0) {
				is_known = true;
				if (!ends_with(rows[i].field, names[k].end))
					fail_msg("%s is in %s", rows[i].field, rows[i].unit);
			}
		if (!is_known)
			fail_msg(
				"%s is in %s, which has no name here", rows[i].field, rows[i].unit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_consistent),
		cmocka_unit_test(shipped_file_has_the_keys_of_the_table),
		cmocka_unit_test(man_page_has_the_keys_of_the_table),
		cmocka_unit_test(each_threshold_names_its_unit),
		cmocka_unit_test(shipped_file_is_the_default),
		cmocka_unit_test(shipped_examples_are_allowed),
		cmocka_unit_test(configurations_of_captures_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
