// SPDX-License-Identifier: MIT
#include "coxad/config/conf-reload.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/config/conf-value.h"

struct refusals {
	void (*each)(void *user, const char *name);
	void *user;
	size_t n;
};

static bool needs_restart(const struct conf_row *row)
{
	static const char *const mqtt[] = {"base", "home-assistant"};
	static const char *const bluetooth[] = {"adapters", "require-encryption", "pairing"};

	switch (row->section) {
	case CONF_SECTION_GATEWAY:
	case CONF_SECTION_KIT:
		return true;
	case CONF_SECTION_MQTT:
		for (size_t i = 0; i < ARRAY_LEN(mqtt); i++)
			if (strcmp(row->key, mqtt[i]) == 0)
				return true;
		return false;
	case CONF_SECTION_BLUETOOTH:
		for (size_t i = 0; i < ARRAY_LEN(bluetooth); i++)
			if (strcmp(row->key, bluetooth[i]) == 0)
				return true;
		return false;
	case CONF_SECTION_WEARABLE:
		return row->type != CONF_TYPE_NOTIFY;
	case CONF_SECTION_OUTBOX:
	case CONF_SECTION_ANALYSIS:
	case CONF_SECTION_COUNT:
		break;
	}
	return false;
}

static void refuse(
	struct refusals *refusals, const char *key, const char *section, const char *owner)
{
	char name[CONF_RELOAD_NAME_SIZE];

	snprintf(name, sizeof(name), "%s%s[%s%s%s]", key, *key ? " in " : "", section,
		owner ? " " : "", owner ? owner : "");
	refusals->each(refusals->user, name);
	refusals->n++;
}

/* From or to no broker, messages go another way. */
static bool is_other_sink(const struct conf_row *row, bool is_set, bool was_set)
{
	return row->type == CONF_TYPE_URL && is_set != was_set;
}

static void compare(struct refusals *refusals, enum conf_section section, const char *owner,
	const void *running, const void *fresh)
{
	char was[CONF_TEXT_SIZE], is[CONF_TEXT_SIZE], key[CONF_KEY_SIZE];

	for (size_t i = 0; i < conf_table_size; i++) {
		const struct conf_row *row = &conf_table[i];
		bool was_set, is_set;

		if (row->section != section)
			continue;
		was_set = conf_value_get(row, running, was);
		is_set = conf_value_get(row, fresh, is);
		if (was_set == is_set && (!is_set || strcmp(was, is) == 0))
			continue;
		conf_table_key(row, key);
		if (needs_restart(row) || is_other_sink(row, is_set, was_set))
			refuse(refusals, key, conf_section_to_string(section), owner);
	}
}

static void compare_kits(
	struct refusals *refusals, const struct conf *running, const struct conf *fresh)
{
	size_t n = running->n_kits > fresh->n_kits ? running->n_kits : fresh->n_kits;

	for (size_t i = 0; i < n; i++) {
		const struct kit_conf *was = &running->kit[i], *is = &fresh->kit[i];

		if (i >= running->n_kits || i >= fresh->n_kits || strcmp(was->name, is->name) != 0)
			refuse(refusals, "", "kit", i < fresh->n_kits ? is->name : was->name);
		else
			compare(refusals, CONF_SECTION_KIT, is->name, was, is);
	}
}

static void compare_wearables(
	struct refusals *refusals, const struct conf *running, const struct conf *fresh)
{
	size_t n = running->n_wearables > fresh->n_wearables ? running->n_wearables
							     : fresh->n_wearables;

	for (size_t i = 0; i < n; i++) {
		const struct wearable_conf *was = &running->wearable[i], *is = &fresh->wearable[i];

		if (i >= running->n_wearables || i >= fresh->n_wearables ||
			strcmp(was->name, is->name) != 0) {
			refuse(refusals, "", "wearable",
				i < fresh->n_wearables ? is->name : was->name);
			continue;
		}
		compare(refusals, CONF_SECTION_WEARABLE, is->name, was, is);
		if (was->kit != is->kit)
			refuse(refusals, "kit", "wearable", is->name);
	}
}

size_t conf_reload_refused(const struct conf *running, const struct conf *fresh,
	void (*each)(void *user, const char *name), void *user)
{
	struct refusals refusals = {.each = each, .user = user};

	for (unsigned s = 0; s < CONF_SECTION_KIT; s++)
		compare(&refusals, (enum conf_section)s, NULL, running, fresh);
	compare_kits(&refusals, running, fresh);
	compare_wearables(&refusals, running, fresh);
	return refusals.n;
}

void conf_reload_adopt(struct conf *running, const struct conf *fresh)
{
	char value[CONF_TEXT_SIZE], error[CONF_ERROR_SIZE];

	running->analysis = fresh->analysis;
	for (size_t i = 0; i < conf_table_size; i++) {
		const struct conf_row *row = &conf_table[i];

		if (row->section >= CONF_SECTION_ANALYSIS || needs_restart(row))
			continue;
		if (conf_value_get(row, fresh, value))
			conf_value_set(row, running, value, error);
		else
			conf_value_done(row, running);
	}
	for (size_t i = 0; i < running->n_wearables; i++) {
		running->wearable[i].notify = fresh->wearable[i].notify;
		running->wearable[i].has_notify = fresh->wearable[i].has_notify;
	}
	memcpy(running->hash, fresh->hash, sizeof(running->hash));
}
