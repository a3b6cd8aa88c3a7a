// SPDX-License-Identifier: MIT
#include "daemon/config/conf-build.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/core/result.h"
#include "daemon/config/conf-text.h"
#include "daemon/config/conf-value.h"
#include "coxad/base/nearest.h"

static void set_default(const struct conf_row *row, void *base)
{
	char error[CONF_ERROR_SIZE];

	if (row->def)
		conf_value_set(row, base, row->def, error);
}

static void set_defaults(enum conf_section section, void *base)
{
	for (size_t i = 0; i < conf_table_size; i++)
		if (conf_table[i].section == section)
			set_default(&conf_table[i], base);
}

void conf_build_init(struct conf_build *build, const struct conf_source *files)
{
	*build = (struct conf_build){.files = files, .section = CONF_SECTION_COUNT};
	build->conf = new0(struct conf);
	set_defaults(CONF_SECTION_GATEWAY, build->conf);
	set_defaults(CONF_SECTION_MQTT, build->conf);
	set_defaults(CONF_SECTION_OUTBOX, build->conf);
	set_defaults(CONF_SECTION_BLUETOOTH, build->conf);
	analysis_conf_default(&build->conf->analysis);
}

void conf_build_done(struct conf_build *build)
{
	for (size_t i = 0; i < build->n_errors; i++)
		free(build->errors[i].text);
	for (size_t i = 0; i < CONF_WEARABLES_MAX; i++)
		free(build->wearable_kit[i]);
	free(build->errors);
	free(build->origins);
	conf_free(build->conf);
}

/* Makes space for one more: doubles the array when n has reached its capacity. */
static void *grow(void *array, size_t n, size_t *capacity, size_t size)
{
	void *bigger;

	if (n < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 64;
	bigger = alloc_zero(*capacity, size);
	if (n)
		memcpy(bigger, array, n * size);
	free(array);
	return bigger;
}

void conf_build_error(struct conf_build *build, struct conf_place place, const char *format, ...)
{
	const struct conf_source *file = &build->files[place.file];
	char what[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	build->errors = grow(
		build->errors, build->n_errors, &build->errors_capacity, sizeof(*build->errors));
	build->errors[build->n_errors] = (struct conf_error){
		.place = place,
		.order = build->n_errors,
		.text = place.line ? alloc_printf("%s:%u: %s", file->name, place.line, what)
				   : alloc_printf("%s: %s", file->name, what),
	};
	build->n_errors++;
}

/* The name in "kit NAME", or NULL if it is another section. */
static const char *named(const char *text, enum conf_section section)
{
	const char *word = conf_section_to_string(section);
	size_t length = strlen(word);

	if (strncmp(text, word, length) != 0 || (text[length] && text[length] != ' '))
		return NULL;
	return text + length + strspn(text + length, " ");
}

static void kit_section(struct conf_build *build, const char *name)
{
	struct conf *conf = build->conf;
	int known = conf_find_kit(conf, name);

	if (known < 0 && conf->n_kits == CONF_KITS_MAX) {
		conf_build_error(build, build->here, "too many kits; allowed: %u", CONF_KITS_MAX);
		return;
	}
	if (known < 0) {
		known = (int)conf->n_kits++;
		conf->kit[known].name = alloc_text(name);
		set_defaults(CONF_SECTION_KIT, &conf->kit[known]);
		build->kit_place[known] = build->here;
	}
	build->section = CONF_SECTION_KIT;
	build->owner = (unsigned)known;
}

static void wearable_section(struct conf_build *build, const char *name)
{
	struct conf *conf = build->conf;
	int known = conf_find_wearable(conf, name);

	if (known < 0 && conf->n_wearables == CONF_WEARABLES_MAX) {
		conf_build_error(
			build, build->here, "too many wearables; allowed: %u", CONF_WEARABLES_MAX);
		return;
	}
	if (known < 0) {
		known = (int)conf->n_wearables++;
		conf->wearable[known].name = alloc_text(name);
		set_defaults(CONF_SECTION_WEARABLE, &conf->wearable[known]);
		build->wearable_place[known] = build->here;
	}
	build->section = CONF_SECTION_WEARABLE;
	build->owner = (unsigned)known;
}

static void unknown_section(struct conf_build *build, const char *text)
{
	struct nearest nearest = {0};
	char word[64];
	bool has_name;

	/* Compares only the first word, so that [wearabel 3-hip] suggests [wearable NAME]. */
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, " "), text);
	for (unsigned s = 0; s < CONF_SECTION_COUNT; s++)
		nearest_add(&nearest, word, conf_section_to_string((enum conf_section)s));
	has_name = strcmp(nearest.word, "kit") == 0 || strcmp(nearest.word, "wearable") == 0;
	conf_build_error(build, build->here, "unknown section [%s]; did you mean [%s%s]?", text,
		nearest.word, has_name ? " NAME" : "");
}

void conf_build_section(struct conf_build *build, const char *text)
{
	static const enum conf_section with_name[] = {CONF_SECTION_KIT, CONF_SECTION_WEARABLE};
	char error[CONF_ERROR_SIZE];

	build->section = CONF_SECTION_COUNT;
	build->owner = 0;
	for (size_t i = 0; i < ARRAY_LEN(with_name); i++) {
		const char *name = named(text, with_name[i]);

		if (!name)
			continue;
		if (conf_text_check_name(name, error) < 0)
			conf_build_error(build, build->here, "[%s]: %s, as in [%s NAME]", text,
				error, conf_section_to_string(with_name[i]));
		else if (with_name[i] == CONF_SECTION_KIT)
			kit_section(build, name);
		else
			wearable_section(build, name);
		return;
	}
	for (unsigned s = 0; s < CONF_SECTION_KIT; s++)
		if (strcmp(text, conf_section_to_string((enum conf_section)s)) == 0) {
			build->section = (enum conf_section)s;
			return;
		}
	unknown_section(build, text);
}

const struct conf_origin *conf_build_origin(
	const struct conf_build *build, enum conf_section section, const char *key, unsigned owner)
{
	for (size_t i = build->n_origins; i-- > 0;) {
		const struct conf_origin *o = &build->origins[i];

		if (o->row->section == section && o->owner == owner &&
			strcmp(o->row->key, key) == 0)
			return o;
	}
	return NULL;
}

static void section_text(const struct conf_build *build, char *ret, size_t size)
{
	const char *name = build->section == CONF_SECTION_KIT ? build->conf->kit[build->owner].name
			   : build->section == CONF_SECTION_WEARABLE
				   ? build->conf->wearable[build->owner].name
				   : NULL;

	snprintf(ret, size, "[%s%s%s]", conf_section_to_string(build->section), name ? " " : "",
		name ? name : "");
}

static void unknown_key(struct conf_build *build, const char *key)
{
	char text[CONF_KEY_SIZE], best[CONF_KEY_SIZE] = "", section[80];
	struct nearest nearest = {0};

	for (size_t i = 0; i < conf_table_size; i++) {
		if (conf_table[i].section != build->section)
			continue;
		conf_table_key(&conf_table[i], text);
		nearest_add(&nearest, key, text);
		if (nearest.word == text) { /* the nearest so far: keep a copy */
			memcpy(best, text, sizeof(best));
			nearest.word = best;
		}
	}
	section_text(build, section, sizeof(section));
	conf_build_error(
		build, build->here, "unknown key '%s' in %s; did you mean %s?", key, section, best);
}

static const struct conf_row *find_row(const struct conf_build *build, const char *key)
{
	char text[CONF_KEY_SIZE];

	for (size_t i = 0; i < conf_table_size; i++) {
		if (conf_table[i].section != build->section)
			continue;
		conf_table_key(&conf_table[i], text);
		if (strcmp(text, key) == 0)
			return &conf_table[i];
	}
	return NULL;
}

static void *base_of(struct conf_build *build)
{
	if (build->section == CONF_SECTION_KIT)
		return &build->conf->kit[build->owner];
	if (build->section == CONF_SECTION_WEARABLE)
		return &build->conf->wearable[build->owner];
	return build->conf;
}

void conf_build_key(struct conf_build *build, const char *key, const char *value)
{
	const struct conf_row *row;
	const struct conf_origin *before;
	char error[CONF_ERROR_SIZE], shown[CONF_KEY_SIZE];

	if (!build->has_section) {
		conf_build_error(build, build->here,
			"'%s' comes before the first section; put [gateway] or another section above it",
			key);
		return;
	}
	if (build->section == CONF_SECTION_COUNT)
		return;
	row = find_row(build, key);
	if (!row) {
		unknown_key(build, key);
		return;
	}
	conf_table_key(row, shown);
	before = conf_build_origin(build, row->section, row->key, build->owner);
	if (before && before->place.file == build->here.file) {
		conf_build_error(build, build->here,
			"%s is set twice in this file, first on line %u; remove one of the two",
			shown, before->place.line);
		return;
	}
	build->origins = grow(build->origins, build->n_origins, &build->origins_capacity,
		sizeof(*build->origins));
	build->origins[build->n_origins++] =
		(struct conf_origin){.row = row, .owner = build->owner, .place = build->here};
	if (conf_value_set(row, base_of(build), value, error) < 0) {
		/* A URL may contain a password, and errors go to logs. */
		if (row->type == CONF_TYPE_URL && strchr(value, '@'))
			value = "(not shown)";
		conf_build_error(build, build->here, "%s = %s: %s", shown, value, error);
		return;
	}
	if (row->type == CONF_TYPE_KIT) {
		free(build->wearable_kit[build->owner]);
		build->wearable_kit[build->owner] = alloc_text(value);
	} else if (row->type == CONF_TYPE_NOTIFY && row->section == CONF_SECTION_WEARABLE) {
		build->conf->wearable[build->owner].has_notify = true;
	}
}
