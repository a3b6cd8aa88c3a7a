// SPDX-License-Identifier: MIT
#include "coxad/store/state-check.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "daemon/store/database.h"
#include "daemon/store/history-table.h"
#include "daemon/store/logbook-table.h"
#include "daemon/store/outbox-table.h"

static const struct {
	const char *name;
	void (*describe)(struct database_file *file);
} known[] = {
	{"history.db", history_table_describe},
	{"logbook.db", logbook_table_describe},
	{"outbox.db", outbox_table_describe},
};

static bool is_whole(sqlite3 *db)
{
	sqlite3_stmt *statement = NULL;
	bool is_ok = false;

	if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(statement, 0);

		is_ok = text && strcmp(text, "ok") == 0;
	}
	sqlite3_finalize(statement);
	return is_ok;
}

/* What is wrong with it, returns-owned; NULL: nothing. */
static char *look_at(const char *path, const char *name, const struct database_file *file)
{
	sqlite3 *db = NULL;
	int r = database_open_read_only(path, &db);
	int64_t version = r ? 0 : database_number(db, "PRAGMA user_version", -1);
	char *why = NULL;

	if (r)
		why = alloc_printf("%s cannot be read: %s", name, strerror(-r));
	else if (version > file->version)
		why = alloc_printf(
			"%s is of a newer coxad (schema %lld, this one knows %d): install that one first",
			name, (long long)version, file->version);
	else if (version <= 0 || !is_whole(db))
		why = alloc_printf("%s is damaged", name);
	sqlite3_close(db);
	return why;
}

int state_check_run(
	const char *directory, void (*complain)(void *user, const char *text), void *user)
{
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		_auto_free_ char *path = alloc_printf("%s/%s", directory, known[i].name);
		_auto_free_ char *why = NULL;
		struct database_file file = {0};

		if (access(path, F_OK) < 0 && errno == ENOENT)
			continue;
		known[i].describe(&file);
		why = look_at(path, known[i].name, &file);
		if (!why)
			continue;
		complain(user, why);
		n++;
	}
	return n;
}
