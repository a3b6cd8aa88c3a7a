// SPDX-License-Identifier: MIT
#include "tests/store/store-rig.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "daemon/store/database.h"

/* No disk takes longer. */
#define WAIT_US INT64_C(60000000)

char *store_rig_directory;
int64_t store_rig_wall_step_us, store_rig_now_step_us;
bool store_rig_is_threaded;
bool store_rig_has_books;
void (*store_rig_begins)(void *user);
void (*store_rig_stored)(void *user);
unsigned store_rig_n_late;
bool store_rig_is_synchronised = true;
int64_t store_rig_boot = 1;

static int64_t clock_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t clock_now_us(void)
{
	return clock_us(CLOCK_MONOTONIC) + store_rig_now_step_us;
}

int64_t clock_wall_us(void)
{
	return clock_us(CLOCK_REALTIME) + store_rig_wall_step_us;
}

bool clock_is_synchronised(void)
{
	return store_rig_is_synchronised;
}

int64_t clock_boot(void)
{
	return store_rig_boot;
}

int store_rig_set_up(void **state)
{
	/* In memory if possible: thousands of commits should not depend on the disk. */
	char fast[] = "/dev/shm/coxad-stores-XXXXXX", slow[] = "/tmp/coxad-stores-XXXXXX";
	char *made = mkdtemp(fast);

	store_rig_directory = alloc_text(made ? made : mkdtemp(slow));
	assert_non_null(store_rig_directory);
	store_rig_wall_step_us = store_rig_now_step_us = 0;
	store_rig_is_threaded = false;
	store_rig_has_books = false;
	store_rig_begins = store_rig_stored = NULL;
	store_rig_n_late = 0;
	store_rig_is_synchronised = true;
	store_rig_boot = 1;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

int store_rig_tear_down(void **state)
{
	nftw(store_rig_directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(store_rig_directory);
	return 0;
}

static void on_gone(void *user, const struct outbox_entry *entry, enum outbox_gone reason)
{
	struct store_rig *rig = user;

	outbox_persister_gone(rig->persister, entry, reason);
}

static void on_late(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	store_rig_n_late++;
}

static bool keep(void *user)
{
	struct store_rig *rig = user;

	return rig->ahead && ahead_keep(rig->ahead);
}

static void begin_books(struct store_rig *rig)
{
	struct history_persister_options history = {.loop = rig->loop,
		.thread = rig->thread,
		.directory = store_rig_directory,
		.late = on_late,
		.kept = keep,
		.user = rig};
	struct logbook_persister_options logbook = {.loop = rig->loop,
		.thread = rig->thread,
		.directory = store_rig_directory,
		.kept = keep,
		.user = rig};
	struct ahead_options ahead = {.loop = rig->loop,
		.thread = rig->thread,
		.begins = store_rig_begins,
		.stored = store_rig_stored};

	assert_int_equal(history_persister_new(&history, &rig->history), 0);
	assert_int_equal(logbook_persister_new(&logbook, &rig->logbook), 0);
	ahead.history = rig->history;
	ahead.logbook = rig->logbook;
	assert_int_equal(ahead_new(&ahead, &rig->ahead), 0);
	store_rig_wait(rig);
}

void store_rig_wait(const struct store_rig *rig)
{
	if (rig->thread)
		assert_true(store_thread_wait(rig->thread, clock_now_us() + WAIT_US));
}

void store_rig_begin(struct store_rig *rig)
{
	static const struct outbox_ops ops = {.gone = on_gone};
	static const struct outbox_limits limits = {.max_events = 100000, .max_bytes = 1 << 20};

	bool is_known;

	*rig = (struct store_rig){0};
	assert_true(sd_event_new(&rig->loop) >= 0);
	if (store_rig_is_threaded)
		assert_int_equal(store_thread_new(rig->loop, &rig->thread), 0);
	if (store_rig_has_books)
		begin_books(rig);
	rig->outbox = outbox_new(&limits, &ops, rig);
	assert_int_equal(outbox_persister_new(&(struct outbox_persister_options){.loop = rig->loop,
						      .thread = rig->thread,
						      .directory = store_rig_directory,
						      .max_bytes = limits.max_bytes,
						      .outbox = rig->outbox,
						      .ahead = rig->ahead,
						      .user = rig},
				 &rig->persister),
		0);
	rig->seq = outbox_persister_first_seq(rig->persister, &is_known) - 1;
}

void store_rig_end(struct store_rig *rig)
{
	rig->persister = outbox_persister_free(rig->persister);
	outbox_free(rig->outbox);
	rig->ahead = ahead_free(rig->ahead);
	rig->logbook = logbook_persister_free(rig->logbook, WAIT_US);
	rig->history = history_persister_free(rig->history, WAIT_US);
	store_thread_free(rig->thread, WAIT_US);
	sd_event_unref(rig->loop);
}

static void on_page(void *user, int r, const struct logbook_page *page)
{
	FILE *texts = user;

	assert_int_equal(r, 0);
	assert_false(page->has_more);
	for (size_t i = 0; i < page->n; i++)
		fwrite(page->entry[i].text, 1, page->entry[i].size, texts);
}

char *store_rig_entries(struct store_rig *rig, const char *athlete)
{
	struct logbook_query query = {.limit = LOGBOOK_PAGE_ENTRIES};
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	snprintf(query.athlete, sizeof(query.athlete), "%s", athlete);
	assert_int_equal(logbook_persister_query(rig->logbook, &query, on_page, file), 0);
	store_rig_wait(rig);
	fclose(file);
	return text;
}

void store_rig_push(struct store_rig *rig, const char *athlete)
{
	char pad[600];
	_auto_free_ char *topic = alloc_printf("base/athlete/%s/pop", athlete);
	_auto_free_ char *payload = NULL;
	struct outbox_item item = {.kind = OUTBOX_KIND_EVENT,
		.class = 3,
		.seq = ++rig->seq,
		.topic = topic,
		.id = "i"};

	memset(pad, 'x', sizeof(pad) - 1);
	pad[sizeof(pad) - 1] = '\0';
	payload = alloc_printf("{\"athlete\":\"%s\",\"pad\":\"%s\"}", athlete, pad);
	item.payload = payload;
	item.size = strlen(payload);
	outbox_persister_added(
		rig->persister, outbox_add(rig->outbox, clock_now_us(), &item, false));
	outbox_persister_settle(rig->persister);
}

void store_rig_deliver(struct store_rig *rig, unsigned n)
{
	struct outbox_entry *entry;

	outbox_connection(rig->outbox, 0, 1);
	while (n-- && (entry = outbox_next(rig->outbox, 0)))
		outbox_acked(rig->outbox, entry->token);
	outbox_connection(rig->outbox, 0, 0);
}

uint64_t store_rig_not_on_disk(const struct store_rig *rig)
{
	struct outbox_persister_counters counters;

	outbox_persister_get_counters(rig->persister, &counters);
	return counters.not_on_disk;
}

void store_rig_write_at(const char *name, off_t offset, const char *bytes, size_t size)
{
	_auto_free_ char *path = alloc_printf("%s/%s", store_rig_directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, size, offset), size);
	close(fd);
}

bool store_rig_exists(const char *name)
{
	_auto_free_ char *path = alloc_printf("%s/%s", store_rig_directory, name);

	return !access(path, F_OK);
}

char *store_rig_path(const char *name)
{
	return alloc_printf("%s/%s", store_rig_directory, name);
}

void store_rig_sql(const char *sql)
{
	_auto_free_ char *path = store_rig_path("outbox.db");
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

int64_t store_rig_number(const char *sql)
{
	_auto_free_ char *path = store_rig_path("outbox.db");
	sqlite3 *db = NULL;
	int64_t number;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	number = database_number(db, sql, -1);
	sqlite3_close(db);
	return number;
}
