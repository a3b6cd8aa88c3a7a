// SPDX-License-Identifier: MIT
#include "coxad/config/conf-reload.h"

#include <stdio.h>
#include <string.h>

#include "daemon/config/conf-value.h"

struct refusals {
	conf_reload_refusal *each;
	void *user;
	size_t n;
};

/* The names are in every topic, and the broker has the topics of the old base. */
static bool needs_restart(const struct conf_row *row)
{
	return row->section == CONF_SECTION_GATEWAY ||
	       (row->section == CONF_SECTION_MQTT && strcmp(row->key, "base") == 0);
}

static void refuse(struct refusals *refusals, const char *key, enum conf_section section)
{
	char name[CONF_RELOAD_NAME_SIZE];

	snprintf(name, sizeof(name), "%s in [%s]", key, conf_section_to_string(section));
	refusals->each(refusals->user, name, "changed, which needs a restart");
	refusals->n++;
}

/* From or to no broker, messages go another way. */
static bool is_other_sink(
	const struct conf_row *row, const struct conf *running, const struct conf *fresh)
{
	char text[CONF_TEXT_SIZE];

	return row->type == CONF_TYPE_URL &&
	       conf_value_get(row, running, text) != conf_value_get(row, fresh, text);
}

static void compare(struct refusals *refusals, const struct conf *running, const struct conf *fresh)
{
	char key[CONF_KEY_SIZE];

	for (size_t i = 0; i < conf_table_size; i++) {
		const struct conf_row *row = &conf_table[i];

		if (row->section >= CONF_SECTION_ANALYSIS ||
			conf_value_is_same(row, running, fresh))
			continue;
		conf_table_key(row, key);
		if (needs_restart(row) || is_other_sink(row, running, fresh))
			refuse(refusals, key, row->section);
	}
}

static void on_no_place(void *user, const char *name)
{
	struct refusals *refusals = user;

	refusals->each(refusals->user, name,
		"has no place yet, because many were removed in the last 3 minutes; try again later");
	refusals->n++;
}

size_t conf_reload_refused(const struct conf *running, const struct conf *fresh, int64_t now_us,
	conf_reload_refusal *each, void *user)
{
	struct refusals refusals = {.each = each, .user = user};

	compare(&refusals, running, fresh);
	conf_merge_refused(running, fresh, now_us, on_no_place, &refusals);
	return refusals.n;
}

static void adopt_values(struct conf *running, const struct conf *fresh)
{
	running->analysis = fresh->analysis;
	for (size_t i = 0; i < conf_table_size; i++)
		if (conf_table[i].section < CONF_SECTION_ANALYSIS && !needs_restart(&conf_table[i]))
			conf_value_copy(&conf_table[i], running, fresh);
	memcpy(running->hash, fresh->hash, sizeof(running->hash));
}

void conf_reload_adopt(
	struct conf *running, struct conf *fresh, int64_t now_us, struct conf_change *ret)
{
	adopt_values(running, fresh);
	conf_merge(running, fresh, now_us, ret);
}
