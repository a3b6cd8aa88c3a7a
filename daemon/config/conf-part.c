// SPDX-License-Identifier: MIT
#include "coxad/config/conf-part.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-read.h"
#include "daemon/config/conf-hash.h"
#include "daemon/config/conf-value.h"

static bool is_apart(const struct conf_row *row)
{
	return row->section < CONF_SECTION_ANALYSIS;
}

/* A capture comes from anywhere: it must not choose a broker. */
static void check_rest(const struct conf *part, struct conf_errors *errors)
{
	struct conf *defaults = NULL;
	char key[CONF_KEY_SIZE];

	conf_read(NULL, 0, &defaults, errors);
	for (size_t i = 0; i < conf_table_size && defaults; i++) {
		if (!is_apart(&conf_table[i]) || conf_value_is_same(&conf_table[i], part, defaults))
			continue;
		conf_table_key(&conf_table[i], key);
		conf_errors_add(errors,
			"config: %s in [%s]: allowed here: [analysis], [kit NAME] and [wearable NAME]",
			key, conf_section_to_string(conf_table[i].section));
	}
	conf_free(defaults);
}

static void take_rest(struct conf *part, const struct conf *running)
{
	for (size_t i = 0; i < conf_table_size; i++)
		if (is_apart(&conf_table[i]))
			conf_value_copy(&conf_table[i], part, running);
}

int conf_part_read(const struct conf *running, const struct conf_part *part, struct conf **ret,
	struct conf_errors *errors)
{
	const struct conf_source source = {"config", part->text, part->size};
	struct conf *fresh = NULL;

	if (conf_read(&source, 1, &fresh, errors) < 0)
		return -EINVAL;
	check_rest(fresh, errors);
	if (errors->n > 0) {
		conf_free(fresh);
		return -EINVAL;
	}
	take_rest(fresh, running);
	conf_hash(fresh, fresh->hash);
	if (part->hash)
		snprintf(fresh->hash, sizeof(fresh->hash), "%s", part->hash);
	*ret = fresh;
	return 0;
}
