// SPDX-License-Identifier: MIT
/* Whole database files, as a bad disk or a stranger leaves them: the first byte says which of the two
 * it is. Whatever is in it, coxad starts, reads only what is whole, and can write again.
 */
#include "tests/fuzz/fuzz-main.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"
#include "coxad/store/history-persister.h"
#include "daemon/store/database.h"
#include "daemon/store/outbox-store.h"

#define OUTBOX_BYTES (1 << 20)

const unsigned fuzz_slowness = 6;

/* A line for each input otherwise. */
void journal_write(int level, const char *blame, const char *format, ...)
{
}
void journal_write_limited(
	struct journal_limit *limit, int level, const char *blame, const char *format, ...)
{
}

static char directory[] = "/dev/shm/coxad-fuzz-XXXXXX";

static void clear_directory(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

static void remove_directory(void)
{
	clear_directory();
	rmdir(directory);
}

static void begin(void)
{
	static bool has_begun;

	if (has_begun) {
		clear_directory();
		return;
	}
	if (!mkdtemp(directory))
		abort();
	atexit(remove_directory);
	has_begun = true;
}

static void write_file(const char *name, const uint8_t *data, size_t size)
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

static struct history_persister *open_history(void)
{
	struct history_persister_options options = {.directory = directory};
	struct history_persister *history;

	if (history_persister_new(&options, &history) < 0 || history_persister_error(history))
		abort();
	return history;
}

static void play_history(void)
{
	struct history_persister *history = open_history();
	const char *text;

	history_persister_put(history, HISTORY_KIND_ATHLETE, "eva", "{}", 2);
	history_persister_settle(history);
	if (history_persister_not_on_disk(history))
		abort();
	history_persister_free(history, 0);
	history = open_history();
	text = history_persister_get(history, HISTORY_KIND_ATHLETE, "eva");
	if (!text || strcmp(text, "{}"))
		abort();
	history_persister_free(history, 0);
}

/* Reads every byte, for the sanitizers. */
static void touch(void *user, const struct outbox_table_row *row)
{
	unsigned *sum = user;
	const uint8_t *bytes = row->item.payload;

	for (size_t i = 0; i < row->item.size; i++)
		*sum += bytes[i];
	*sum += (unsigned)strlen(row->item.topic);
	if (row->item.id)
		*sum += (unsigned)strlen(row->item.id);
}

static void touch_ahead(void *user, const struct ahead_row *row)
{
	unsigned *sum = user;

	for (size_t i = 0; i < row->size; i++)
		*sum += (uint8_t)row->text[i];
	*sum += (unsigned)(strlen(row->kind) + strlen(row->name));
}

static void open_outbox(bool is_whole)
{
	struct outbox_store *store;
	unsigned sum = 0;
	int r = outbox_store_open(directory, OUTBOX_BYTES, false, &store);

	if (r < 0 || (r && is_whole))
		abort();
	r = outbox_store_load(store, touch_ahead, touch, &sum);
	if (r < 0 || (r && is_whole))
		abort();
	outbox_store_free(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	begin();
	if (data[0] % 2) {
		write_file("outbox.db", data + 1, size - 1);
		open_outbox(false);
		open_outbox(true);
	} else {
		write_file("history.db", data + 1, size - 1);
		play_history();
	}
	return 0;
}

static size_t read_file(const char *name, uint8_t ret[static FUZZ_SEED_MAX])
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret + 1, FUZZ_SEED_MAX - 1);

	if (n <= 0)
		abort();
	close(fd);
	return (size_t)n + 1;
}

static void run_sql(const char *name, const char *sql)
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, name);
	sqlite3 *db = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK || database_run(db, sql))
		abort();
	sqlite3_close(db);
}

/* Each file as coxad leaves it, and with the schema of its first version. */
size_t fuzz_seed(unsigned index, uint8_t ret[static FUZZ_SEED_MAX])
{
	static const char *const first[] = {
		"CREATE TABLE history(kind TEXT NOT NULL, name TEXT NOT NULL, changed_ms INTEGER NOT"
		" NULL, text TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;"
		"INSERT INTO history VALUES('athlete', 'ana', 1, '{}');"
		"PRAGMA user_version=1",
		"CREATE TABLE outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, created_ms INTEGER NOT"
		" NULL, expiry_s INTEGER NOT NULL, class INTEGER NOT NULL, retain INTEGER NOT NULL,"
		" topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL);"
		"CREATE TABLE state(topic TEXT PRIMARY KEY, created_ms INTEGER NOT NULL,"
		" class INTEGER NOT NULL, payload BLOB NOT NULL) WITHOUT ROWID;"
		"CREATE TABLE dead(seq INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL,"
		" class INTEGER NOT NULL, topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL,"
		" reason INTEGER NOT NULL);"
		"INSERT INTO outbox VALUES(7, 1, 0, 3, 0, 'base/athlete/ana/pop', 'a-1', '{}');"
		"INSERT INTO state VALUES('base/athlete/ana/alerts', 1, 1, '{}');"
		"PRAGMA user_version=1"};
	const char *name = index % 2 ? "outbox.db" : "history.db";

	if (index >= 4)
		return 0;
	begin();
	ret[0] = (uint8_t)index;
	run_sql(name, first[index % 2]);
	if (index >= 2 && index % 2)
		open_outbox(true);
	else if (index >= 2)
		play_history();
	return read_file(name, ret);
}
