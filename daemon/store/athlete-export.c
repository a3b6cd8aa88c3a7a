// SPDX-License-Identifier: MIT
#include "coxad/store/athlete-export.h"

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "coxad/store/athlete-match.h"

struct athlete_export {
	char *athlete;
	json_t *entries;
};

struct athlete_export *athlete_export_new(const char *athlete)
{
	struct athlete_export *e = new0(struct athlete_export);

	e->athlete = alloc_text(athlete);
	e->entries = json_array();
	return e;
}

void athlete_export_offer(
	struct athlete_export *e, const char *kind, const char *name, const char *text, size_t size)
{
	json_t *value;

	if (!athlete_match(e->athlete, kind, name, text, size))
		return;
	value = size ? json_loadb(text, size, JSON_DECODE_ANY, NULL) : NULL;
	if (!value)
		value = json_stringn(text ? text : "", size);
	json_array_append_new(e->entries,
		json_pack("{s:s,s:s,s:o?}", "kind", kind, "name", name, "value", value));
}

char *athlete_export_end(struct athlete_export *e, size_t *ret_n)
{
	json_t *all = json_pack("{s:s,s:O}", "athlete", e->athlete, "entries", e->entries);
	char *text = json_dumps(all, JSON_INDENT(2));

	*ret_n = json_array_size(e->entries);
	json_decref(all);
	json_decref(e->entries);
	free(e->athlete);
	free(e);
	return text;
}
