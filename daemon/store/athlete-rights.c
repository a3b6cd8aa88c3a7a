// SPDX-License-Identifier: MIT
#include "coxad/store/athlete-rights.h"

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "daemon/store/athlete-rows.h"

static void add(void *user, const char *kind, const char *name, const char *text)
{
	json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
	json_t *entry = json_object();

	json_object_set_new(entry, "kind", json_string(kind));
	json_object_set_new(entry, "name", json_string(name));
	if (!value)
		value = text ? json_string(text) : json_null();
	json_object_set_new(entry, "value", value ? value : json_null());
	json_array_append_new(user, entry);
}

static int export_one(const char *directory, unsigned file, const char *athlete, json_t *entries)
{
	sqlite3 *db;
	int r = athlete_rows_open(directory, file, &db);

	if (!r && db)
		r = athlete_rows_each(db, file, athlete, add, entries);
	sqlite3_close(db);
	return r;
}

int athlete_rights_export(const char *directory, const char *athlete, char **ret)
{
	json_t *entries = json_array();
	json_t *all = json_object();
	int r = 0;

	for (unsigned i = 0; i < ATHLETE_ROWS_FILES && !r; i++)
		r = export_one(directory, i, athlete, entries);
	if (!r)
		r = (int)json_array_size(entries);
	json_object_set_new(all, "athlete", json_string(athlete));
	json_object_set_new(all, "entries", entries);
	if (r >= 0)
		*ret = json_dumps(all, JSON_INDENT(2));
	json_decref(all);
	return r;
}

static int erase_one(const char *directory, unsigned file, const char *athlete)
{
	sqlite3 *db;
	int n, r = athlete_rows_open(directory, file, &db);

	if (r || !db)
		return r;
	n = athlete_rows_erase(db, file, athlete);
	r = n < 0 ? n : athlete_rows_clean(db);
	sqlite3_close(db);
	return r ? r : n;
}

int athlete_rights_erase(const char *directory, const char *athlete)
{
	int r, n = 0;

	for (unsigned i = 0; i < ATHLETE_ROWS_FILES; i++) {
		r = erase_one(directory, i, athlete);
		if (r < 0)
			return r;
		n += r;
	}
	r = athlete_rows_remove_aside(directory);
	return r ? r : n;
}
