// SPDX-License-Identifier: MIT
#include "coxad/store/athlete-export.h"

#include <jansson.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/history-kind.h"

struct athlete_export {
	char *athlete, *level; /* level: "/athlete/<name>/" of a topic */
	json_t *entries;
};

struct athlete_export *athlete_export_new(const char *athlete)
{
	struct athlete_export *e = new0(struct athlete_export);

	e->athlete = alloc_text(athlete);
	e->level = alloc_printf("/athlete/%s/", athlete);
	e->entries = json_array();
	return e;
}

static bool is_about(
	const struct athlete_export *e, const char *kind, const char *name, const json_t *value)
{
	const char *athlete = json_string_value(json_object_get(value, "athlete"));

	if (strcmp(kind, history_kind_to_string(HISTORY_KIND_ATHLETE)) == 0 &&
		strcmp(name, e->athlete) == 0)
		return true;
	return strstr(name, e->level) || (athlete && strcmp(athlete, e->athlete) == 0);
}

void athlete_export_offer(
	struct athlete_export *e, const char *kind, const char *name, const char *text, size_t size)
{
	json_t *value = size ? json_loadb(text, size, JSON_DECODE_ANY, NULL) : NULL;

	if (!value)
		value = json_stringn(text ? text : "", size);
	if (is_about(e, kind, name, value))
		json_array_append_new(e->entries,
			json_pack("{s:s,s:s,s:O?}", "kind", kind, "name", name, "value", value));
	json_decref(value);
}

char *athlete_export_end(struct athlete_export *e, size_t *ret_n)
{
	json_t *all = json_pack("{s:s,s:O}", "athlete", e->athlete, "entries", e->entries);
	char *text = json_dumps(all, JSON_INDENT(2));

	*ret_n = json_array_size(e->entries);
	json_decref(all);
	json_decref(e->entries);
	free(e->athlete);
	free(e->level);
	free(e);
	return text;
}
