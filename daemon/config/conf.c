// SPDX-License-Identifier: MIT
#include "coxad/config/conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config/conf-value.h"

static void section_done(enum conf_section section, void *base)
{
	for (size_t i = 0; i < conf_table_size; i++)
		if (conf_table[i].section == section)
			conf_value_done(&conf_table[i], base);
}

struct conf *conf_free(struct conf *conf)
{
	if (!conf)
		return NULL;
	for (size_t i = 0; i < conf->n_kits; i++) {
		section_done(CONF_SECTION_KIT, &conf->kit[i]);
		free(conf->kit[i].name);
	}
	for (size_t i = 0; i < conf->n_wearables; i++) {
		section_done(CONF_SECTION_WEARABLE, &conf->wearable[i]);
		free(conf->wearable[i].name);
	}
	for (unsigned s = 0; s < CONF_SECTION_ANALYSIS; s++)
		section_done((enum conf_section)s, conf);
	free(conf);
	return NULL;
}

int conf_find_kit(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->n_kits; i++)
		if (!conf->kit[i].is_gone && strcmp(conf->kit[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

int conf_find_wearable(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->n_wearables; i++)
		if (!conf->wearable[i].is_gone && strcmp(conf->wearable[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

int conf_find_address(const struct conf *conf, const char *address)
{
	size_t low = 0, high = conf->n_present;

	while (low < high) {
		size_t middle = (low + high) / 2;
		unsigned index = conf->by_address[middle];
		int order = strcasecmp(conf->wearable[index].address, address);

		if (order == 0)
			return (int)index;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -ENOENT;
}

void conf_index(struct conf *conf)
{
	conf->n_present = 0;
	for (size_t i = 0; i < conf->n_wearables; i++) {
		size_t at = conf->n_present;

		if (conf->wearable[i].is_gone)
			continue;
		conf->n_present++;
		for (; at > 0; at--) {
			unsigned before = conf->by_address[at - 1];

			if (strcasecmp(conf->wearable[before].address, conf->wearable[i].address) <=
				0)
				break;
			conf->by_address[at] = (uint16_t)before;
		}
		conf->by_address[at] = (uint16_t)i;
	}
}
