// SPDX-License-Identifier: MIT
#include "daemon/config/conf-hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/hash.h"
#include "daemon/config/conf-value.h"

/* With the terminator, so that "ab" "c" differs from "a" "bc". */
static uint64_t mix(uint64_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text) + 1);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct kit_conf *const *)a)->name,
		(*(const struct kit_conf *const *)b)->name);
}

static uint64_t mix_section(uint64_t hash, enum conf_section section, const void *base)
{
	const struct wearable_conf *wearable = base;
	char value[CONF_TEXT_SIZE];

	for (size_t i = 0; i < conf_table_size; i++) {
		const struct conf_row *row = &conf_table[i];
		bool is_set;

		if (row->section != section)
			continue;
		is_set = conf_value_get(row, base, value);
		if (section == CONF_SECTION_WEARABLE && row->type == CONF_TYPE_NOTIFY)
			is_set = wearable->has_notify;
		if (is_set)
			hash = mix(mix(hash, row->key), value);
	}
	return hash;
}

void conf_hash(const struct conf *conf, char ret[static CONF_HASH_SIZE])
{
	const struct kit_conf *kits[CONF_KITS_MAX];
	uint64_t hash = HASH_START;
	size_t n_kits = 0;

	for (unsigned s = 0; s < CONF_SECTION_KIT; s++)
		hash = mix_section(mix(hash, conf_section_to_string((enum conf_section)s)),
			(enum conf_section)s, conf);
	for (size_t i = 0; i < conf->n_kits; i++)
		if (!conf->kit[i].is_gone)
			kits[n_kits++] = &conf->kit[i];
	qsort(kits, n_kits, sizeof(kits[0]), by_name);
	for (size_t i = 0; i < n_kits; i++)
		hash = mix_section(mix(mix(hash, "kit"), kits[i]->name), CONF_SECTION_KIT, kits[i]);
	for (size_t i = 0; i < conf->n_present; i++) {
		const struct wearable_conf *w = &conf->wearable[conf->by_address[i]];

		hash = mix(mix(hash, "wearable"), w->name);
		hash = mix(hash, w->kit < conf->n_kits ? conf->kit[w->kit].name : "");
		hash = mix_section(hash, CONF_SECTION_WEARABLE, w);
	}
	snprintf(ret, CONF_HASH_SIZE, "%016" PRIx64, hash);
}
