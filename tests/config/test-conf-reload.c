// SPDX-License-Identifier: MIT
/* Each row of the table in turn gets another value: the hash changes, and a reload takes the value
 * or refuses it by the name of its key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-read.h"
#include "coxad/config/conf-reload.h"
#include "daemon/config/conf-value.h"

struct text {
	char data[65536];
	size_t size;
};

/* NULL: the default. */
static const char *value_of(const struct conf_row *row, const struct conf_row *own, bool is_other,
	char number[static 32])
{
	switch (row->type) {
	case CONF_TYPE_TEXT:
	case CONF_TYPE_NAME:
		return is_other ? "other" : "one";
	case CONF_TYPE_KIT:
		return is_other ? "two" : "one";
	case CONF_TYPE_PATH:
		return is_other ? "/other" : "/one";
	case CONF_TYPE_URL:
		return is_other ? "mqtt://other" : "mqtts://one";
	case CONF_TYPE_TOPIC:
		return is_other ? "a/other" : "a/one";
	case CONF_TYPE_DRIVER:
		return is_other ? "coxa" : "auto";
	case CONF_TYPE_ADDRESS:
		return is_other ? "C0:A5:00:00:00:02" : "C0:A5:00:00:00:01";
	case CONF_TYPE_ADAPTERS:
		return is_other ? "00:1A:7D:DA:71:13" : "all";
	case CONF_TYPE_BOOL:
		return is_other ? "no" : "yes";
	case CONF_TYPE_VERSION:
		return is_other ? "3.1.1" : "5";
	case CONF_TYPE_ROLE:
		return is_other ? "brain" : "all";
	case CONF_TYPE_NOTIFY:
		return is_other ? "signal" : "fd";
	case CONF_TYPE_PAIRING:
		return is_other ? "never" : "configured";
	case CONF_TYPE_EXERCISE:
		return is_other ? "hang" : "single";
	case CONF_TYPE_PLACEMENT:
		return is_other ? "hip-right" : "hip-left";
	case CONF_TYPE_NUMBER:
	case CONF_TYPE_COUNT:
	case CONF_TYPE_BYTES:
	case CONF_TYPE_DURATION:
		break;
	}
	if (row != own)
		return NULL;
	snprintf(number, 32, "%.17g", is_other ? row->max : row->min);
	return number;
}

/* The row's own value is other, or if it is left out the row is unset. */
static bool is_left_out(const struct conf_row *row, const struct conf_row *own)
{
	bool is_credential = strcmp(own->key, "password-credential") == 0;

	if (strcmp(row->key, "password-credential") == 0)
		return !is_credential;
	/* Needs bond and pairing. */
	if (strcmp(row->key, "require-encryption") == 0)
		return row != own;
	/* Excludes the one above; bond needs pairing. */
	return (is_credential && strcmp(row->key, "password-file") == 0) ||
	       (own->type == CONF_TYPE_PAIRING && strcmp(row->key, "bond") == 0);
}

static void add_section(struct text *text, enum conf_section section, const char *name,
	const struct conf_row *own, bool is_other)
{
	char number[32], key[CONF_KEY_SIZE];

	text->size += (size_t)sprintf(
		text->data + text->size, "[%s%s]\n", conf_section_to_string(section), name);
	for (size_t i = 0; i < conf_table_size; i++) {
		const struct conf_row *row = &conf_table[i];
		const char *value = value_of(row, own, is_other && row == own, number);

		if (row->section != section || is_left_out(row, own) || !value)
			continue;
		conf_table_key(row, key);
		text->size += (size_t)sprintf(text->data + text->size, "%s = %s\n", key, value);
	}
}

static struct conf *conf_with(const struct conf_row *own, bool is_other)
{
	struct text *text = new0(struct text);
	struct conf_source source = {.name = "a.conf"};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	for (unsigned s = 0; s < CONF_SECTION_KIT; s++)
		add_section(text, (enum conf_section)s, "", own, is_other);
	add_section(text, CONF_SECTION_KIT, " one", own, is_other);
	text->size += (size_t)sprintf(text->data + text->size, "[kit two]\nexercise = hang\n");
	add_section(text, CONF_SECTION_WEARABLE, " w", own, is_other);
	source.data = text->data;
	source.size = text->size;
	if (conf_read(&source, 1, &conf, &errors) < 0)
		fail_msg("%s: %s", own->key, errors.text[0]);
	free(text);
	return conf;
}

static void on_refused(void *user, const char *name, const char *reason)
{
	assert_string_equal(reason, "changed, which needs a restart");
	snprintf(user, CONF_RELOAD_NAME_SIZE, "%s", name);
}

static const void *base_of(const struct conf *conf, const struct conf_row *row)
{
	return row->section == CONF_SECTION_KIT ? (const void *)&conf->kit[0]
	       : row->section == CONF_SECTION_WEARABLE
		       ? (const void *)&conf->wearable[conf_find_wearable(conf, "w")]
		       : conf;
}

static void get(
	const struct conf *conf, const struct conf_row *row, char ret[static CONF_TEXT_SIZE])
{
	const void *base = base_of(conf, row);
	const struct wearable_conf *wearable = base;

	if (row->type == CONF_TYPE_KIT)
		snprintf(ret, CONF_TEXT_SIZE, "%s", conf->kit[wearable->kit].name);
	else if (!conf_value_get(row, base, ret))
		ret[0] = '\0';
}

static void check_row(const struct conf_row *row)
{
	struct conf *running = conf_with(row, false), *fresh = conf_with(row, true);
	char refused[CONF_RELOAD_NAME_SIZE] = "", key[CONF_KEY_SIZE];
	char want[CONF_TEXT_SIZE], got[CONF_TEXT_SIZE];
	struct conf_change *change = new0(struct conf_change);
	size_t n = conf_reload_refused(running, fresh, 0, on_refused, refused);

	conf_table_key(row, key);
	if (strcmp(running->hash, fresh->hash) == 0)
		fail_msg("%s does not change the hash", key);
	if (n > 0) {
		assert_int_equal(n, 1);
		assert_int_equal(strncmp(refused, key, strlen(key)), 0);
		assert_non_null(strstr(refused, conf_section_to_string(row->section)));
	} else {
		get(fresh, row, want);
		assert_true(want[0]);
		conf_reload_adopt(running, fresh, 0, change);
		assert_string_equal(running->hash, fresh->hash);
		get(running, row, got);
		if (strcmp(want, got) != 0)
			fail_msg("%s is neither taken nor refused", key);
	}
	conf_merge_done(change);
	free(change);
	conf_free(running);
	conf_free(fresh);
}

static void each_key_is_taken_or_refused_by_name(void **state)
{
	for (size_t i = 0; i < conf_table_size; i++)
		check_row(&conf_table[i]);
}

static void a_key_left_out_is_a_change(void **state)
{
	static const char before[] = "[mqtt]\nbroker = mqtt://a\nusername = u\n";
	static const char after[] = "[mqtt]\nbroker = mqtt://a\n", none[] = "";
	struct conf_source source[] = {
		{"a", before, sizeof(before) - 1}, {"b", after, sizeof(after) - 1}, {"c", none, 0}};
	struct conf *conf[3];
	struct conf_errors errors = {0};
	char refused[CONF_RELOAD_NAME_SIZE] = "";
	static struct conf_change change;

	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(conf_read(&source[i], 1, &conf[i], &errors), 0);
	assert_int_equal(conf_reload_refused(conf[0], conf[1], 0, on_refused, refused), 0);
	conf_reload_adopt(conf[0], conf[1], 0, &change);
	assert_null(conf[0]->mqtt.username);
	/* Standard output instead of a broker. */
	assert_int_equal(conf_reload_refused(conf[0], conf[2], 0, on_refused, refused), 1);
	assert_string_equal(refused, "broker in [mqtt]");
	for (unsigned i = 0; i < 3; i++)
		conf_free(conf[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_is_taken_or_refused_by_name),
		cmocka_unit_test(a_key_left_out_is_a_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
