// SPDX-License-Identifier: MIT
#include "daemon/config/conf-hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/hash.h"
#include "daemon/config/conf-text.h"

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

void conf_hash(const struct conf *conf, char ret[static CONF_HASH_SIZE])
{
	const struct kit_conf *kits[CONF_KITS_MAX];
	uint64_t hash = HASH_START;
	char number[32];

#define X(field, name, def, min, max, unit, doc)                                                   \
	conf_text_number(conf->analysis.field, number, sizeof(number));                            \
	hash = mix(mix(hash, #name), number);
#include "coxad/core/analysis-list.h"
#undef X
	for (size_t i = 0; i < conf->n_kits; i++)
		kits[i] = &conf->kit[i];
	qsort(kits, conf->n_kits, sizeof(kits[0]), by_name);
	for (size_t i = 0; i < conf->n_kits; i++) {
		hash = mix(mix(hash, "kit"), kits[i]->name);
		hash = mix(hash, exercise_to_string(kits[i]->exercise));
		hash = mix(hash, kits[i]->athlete ? kits[i]->athlete : "");
	}
	for (size_t i = 0; i < conf->n_wearables; i++) {
		const struct wearable_conf *w = &conf->wearable[conf->by_address[i]];

		hash = mix(mix(hash, "wearable"), w->address);
		hash = mix(hash, w->kit < conf->n_kits ? conf->kit[w->kit].name : "");
		hash = mix(hash, placement_to_string(w->placement));
		hash = mix(hash, w->driver ? w->driver : "auto");
	}
	snprintf(ret, CONF_HASH_SIZE, "%016" PRIx64, hash);
}
