// SPDX-License-Identifier: MIT
#include "coxad/config/conf-print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/config/conf-value.h"

struct out {
	const struct conf *conf;
	char *text;
	size_t size, capacity;
};

static void put(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct out *out, const char *format, ...)
{
	char piece[1024];
	va_list args;
	size_t n;

	va_start(args, format);
	vsnprintf(piece, sizeof(piece), format, args);
	va_end(args);
	n = strlen(piece);
	if (out->size + n + 1 > out->capacity) {
		char *bigger = alloc_zero(out->capacity * 2 + n + 4096, 1);

		if (out->size)
			memcpy(bigger, out->text, out->size);
		out->capacity = out->capacity * 2 + n + 4096;
		free(out->text);
		out->text = bigger;
	}
	memcpy(out->text + out->size, piece, n + 1);
	out->size += n;
}

static void put_row(struct out *out, const struct conf_row *row, const void *base, bool with_doc)
{
	char key[CONF_KEY_SIZE], value[CONF_TEXT_SIZE], allowed[CONF_ERROR_SIZE];
	const struct wearable_conf *wearable = base;
	bool is_set = conf_value_get(row, base, value);

	conf_table_key(row, key);
	if (row->type == CONF_TYPE_KIT) {
		snprintf(value, sizeof(value), "%s", out->conf->kit[wearable->kit].name);
		is_set = true;
	} else if (row->section == CONF_SECTION_WEARABLE && row->type == CONF_TYPE_NOTIFY) {
		is_set = wearable->has_notify;
	}
	if (with_doc) {
		conf_value_allowed(row, allowed, sizeof(allowed));
		put(out, "# %s (%s)\n", row->doc, allowed);
	}
	if (is_set)
		put(out, "%s = %s\n", key, value);
	else
		put(out, "#%s =\n", key);
}

static void put_section(struct out *out, enum conf_section section, const char *name,
	const void *base, bool with_doc)
{
	put(out, "%s[%s%s%s]\n", out->size ? "\n" : "", conf_section_to_string(section),
		name ? " " : "", name ? name : "");
	for (size_t i = 0; i < conf_table_size; i++)
		if (conf_table[i].section == section)
			put_row(out, &conf_table[i], base, with_doc);
}

/* The first of its kind explains the keys. */
static void put_kits(struct out *out)
{
	bool is_first = true;

	for (size_t i = 0; i < out->conf->n_kits; i++) {
		const struct kit_conf *kit = &out->conf->kit[i];

		if (kit->is_gone)
			continue;
		put_section(out, CONF_SECTION_KIT, kit->name, kit, is_first);
		is_first = false;
	}
}

static void put_wearables(struct out *out)
{
	bool is_first = true;

	for (size_t i = 0; i < out->conf->n_wearables; i++) {
		const struct wearable_conf *wearable = &out->conf->wearable[i];

		if (wearable->is_gone)
			continue;
		put_section(out, CONF_SECTION_WEARABLE, wearable->name, wearable, is_first);
		is_first = false;
	}
}

static char *print(const struct conf *conf, enum conf_section first)
{
	struct out out = {.conf = conf};

	for (unsigned s = first; s < CONF_SECTION_KIT; s++)
		put_section(&out, (enum conf_section)s, NULL, conf, true);
	put_kits(&out);
	put_wearables(&out);
	return out.text;
}

char *conf_print(const struct conf *conf)
{
	return print(conf, (enum conf_section)0);
}

char *conf_print_part(const struct conf *conf)
{
	return print(conf, CONF_SECTION_ANALYSIS);
}
