// SPDX-License-Identifier: MIT
#include "coxad/store/erasure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-name.h"
#include "coxad/core/result.h"
#include "coxad/loop/journal.h"
#include "daemon/store/athlete-rows.h"
#include "daemon/store/history-store.h"
#include "daemon/store/logbook-store.h"
#include "daemon/store/outbox-store.h"

/* A file up to here is written anew within a second or two, even on an SD card. */
#define SMALL_BYTES (8 << 20)

struct erasure {
	struct store_thread *thread;
	const struct history_persister *history;
	const struct logbook_persister *logbook;
	const struct outbox_persister *outbox;
	char *directory, *path;
	erasure_fn done;
	void *user;
	struct job *under_way;    /* NULL: none */
	char deleting[NAME_SIZE]; /* noted, and not deleted yet; empty: none */
	bool is_revoked;          /* and is not to be, which the disk would not take */
	size_t n;                 /* deleted, and files are still to be cleaned of them */
	char name[ERASURE_ATHLETES_MAX][NAME_SIZE];
};

struct job {
	struct store_job base;
	struct erasure *erasure; /* NULL: gone */
	void (*after)(struct erasure *erasure, int r);
	char *directory, *path;
	const struct history_store *history;
	const struct logbook_store *logbook;
	const struct outbox_store *outbox; /* NULL: its file, if there is one */
	char *text;                        /* for the file "erasing"; empty: it is deleted */
	bool is_busy;
	char deleting[NAME_SIZE];
	size_t n;
	char name[ERASURE_ATHLETES_MAX][NAME_SIZE];
	int r;
};

/* --- the file "erasing": a line for each athlete --- */

#define DELETE "delete "
#define CLEAN  "clean "

/* The last line begins with this word and is about who is deleted; NULL: there is no such line. */
static char *text_of(const struct erasure *e, const char *word)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	for (size_t i = 0; i < e->n; i++)
		fprintf(file, CLEAN "%s\n", e->name[i]);
	if (word)
		fprintf(file, "%s%s\n", word, e->deleting);
	fclose(file);
	return text;
}

static int sync_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return r;
}

static int write_file(const char *path, const char *text)
{
	size_t size = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n = fd < 0 ? -1 : write(fd, text, size);
	int r = n < 0 ? -errno : (size_t)n < size ? -ENOSPC : fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return r;
}

static int write_note(const struct job *job)
{
	_auto_free_ char *fresh = job->path ? alloc_printf("%s.new", job->path) : NULL;
	int r;

	if (!job->path)
		return 0;
	if (job->text[0]) {
		r = write_file(fresh, job->text);
		if (!r && rename(fresh, job->path) < 0)
			r = -errno;
		if (r)
			unlink(fresh);
	} else {
		r = unlink(job->path) < 0 && errno != ENOENT ? -errno : 0;
	}
	return r ? r : sync_directory(job->directory);
}

/* The note had one line more: to take it away needs no room on the disk. */
static int shorten_note(const struct job *job)
{
	int fd, r;

	if (!job->path || !job->text[0])
		return write_note(job);
	fd = open(job->path, O_WRONLY | O_CLOEXEC);
	r = fd < 0 || ftruncate(fd, (off_t)strlen(job->text)) < 0 || fsync(fd) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return r;
}

/* Once only. There is room for whom we noted ourselves. */
static void add(struct erasure *e, const char *name)
{
	for (size_t i = 0; i < e->n; i++)
		if (strcmp(e->name[i], name) == 0)
			return;
	if (e->n < ERASURE_ATHLETES_MAX)
		memcpy(e->name[e->n++], name, strlen(name) + 1);
}

/* False: it is damaged. */
static bool take_line(struct erasure *e, const char *line)
{
	bool is_deleting = strncmp(line, DELETE, strlen(DELETE)) == 0;
	const char *name = line + (is_deleting ? strlen(DELETE) : strlen(CLEAN));

	if ((!is_deleting && strncmp(line, CLEAN, strlen(CLEAN)) != 0) || !conf_name_is_valid(name))
		return false;
	if (is_deleting)
		memcpy(e->deleting, name, strlen(name) + 1);
	else
		add(e, name);
	return true;
}

static void read_note(struct erasure *e)
{
	FILE *file = fopen(e->path, "re");
	char line[NAME_SIZE + sizeof(DELETE)];
	bool is_whole = file || errno == ENOENT;

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		is_whole &= take_line(e, line);
	}
	is_whole &= !file || !ferror(file);
	if (!is_whole)
		journal_write(LOG_ERR, "disk",
			"%s is damaged or cannot be read: somebody who was to be erased may still be "
			"in the files; erase them again",
			e->path);
	if (file)
		fclose(file);
}

/* --- life --- */

struct erasure *erasure_new(const struct erasure_options *options, erasure_fn done, void *user)
{
	struct erasure *e = new0(struct erasure);

	e->thread = options->thread;
	e->history = options->history;
	e->logbook = options->logbook;
	e->outbox = options->outbox;
	e->done = done;
	e->user = user;
	e->directory = alloc_text(options->directory);
	if (e->directory) {
		e->path = alloc_printf("%s/erasing", e->directory);
		read_note(e);
	}
	return e;
}

struct erasure *erasure_free(struct erasure *e)
{
	if (!e)
		return NULL;
	if (e->under_way)
		e->under_way->erasure = NULL;
	free(e->directory);
	free(e->path);
	free(e);
	return NULL;
}

const char *erasure_athlete(const struct erasure *e)
{
	return e->deleting[0] ? e->deleting : NULL;
}

bool erasure_is_dirty(const struct erasure *e)
{
	return e->n > 0 || e->deleting[0];
}

/* --- jobs --- */

static void on_done(struct store_job *base)
{
	struct job *job = (struct job *)base;
	struct erasure *e = job->erasure;
	int r = job->r;

	if (e) {
		e->under_way = NULL;
		job->after(e, r);
	}
	free(job->directory);
	free(job->path);
	free(job->text);
	free(job);
	if (e)
		e->done(e->user, r);
}

static bool has_stores(const struct erasure *e)
{
	return logbook_persister_store(e->logbook) &&
	       (!e->directory || history_persister_store(e->history)) &&
	       (!e->directory || !e->outbox || outbox_persister_store(e->outbox));
}

/* Takes text. */
static struct job *new_job(struct erasure *e, char *text, void (*run)(struct store_job *job),
	void (*after)(struct erasure *e, int r))
{
	struct job *job = new0(struct job);

	job->base = (struct store_job){.run = run, .done = on_done};
	job->erasure = e;
	job->after = after;
	job->directory = alloc_text(e->directory);
	job->path = alloc_text(e->path);
	job->text = text;
	job->history = history_persister_store(e->history);
	job->logbook = logbook_persister_store(e->logbook);
	job->outbox = e->outbox ? outbox_persister_store(e->outbox) : NULL;
	memcpy(job->deleting, e->deleting, sizeof(job->deleting));
	job->n = e->n;
	memcpy(job->name, e->name, sizeof(job->name));
	return job;
}

static int post(struct erasure *e, struct job *job)
{
	e->under_way = job;
	store_thread_post(e->thread, &job->base);
	return 0;
}

/* --- note --- */

static void run_note(struct store_job *base)
{
	struct job *job = (struct job *)base;

	job->r = write_note(job);
}

static void after_note(struct erasure *e, int r)
{
	if (r < 0)
		e->deleting[0] = '\0';
}

static bool has_room(const struct erasure *e, const char *athlete)
{
	bool is_there = false;

	for (size_t i = 0; i < e->n; i++)
		is_there |= strcmp(e->name[i], athlete) == 0;
	return is_there || e->n < ERASURE_ATHLETES_MAX;
}

int erasure_note(struct erasure *e, const char *athlete)
{
	if (e->under_way || e->deleting[0] || !has_room(e, athlete))
		return -EBUSY;
	if (!has_stores(e))
		return -EAGAIN;
	memcpy(e->deleting, athlete, strlen(athlete) + 1);
	return post(e, new_job(e, text_of(e, DELETE), run_note, after_note));
}

static void run_revoke(struct store_job *base)
{
	struct job *job = (struct job *)base;

	job->r = shorten_note(job);
}

static void after_revoke(struct erasure *e, int r)
{
	e->is_revoked = r < 0;
	if (!r)
		e->deleting[0] = '\0';
}

int erasure_revoke(struct erasure *e)
{
	return post(e, new_job(e, text_of(e, NULL), run_revoke, after_revoke));
}

bool erasure_is_revoked(const struct erasure *e)
{
	return e->is_revoked;
}

/* --- delete and clean --- */

/* At each job anew: a damaged file is replaced by another one. *ret_opened: to be closed. NULL without an error:
 * there is no such file. */
static int db_of(const struct job *job, unsigned file, sqlite3 **ret, sqlite3 **ret_opened)
{
	*ret = *ret_opened = NULL;
	if (file == 0 && job->history)
		*ret = history_store_db(job->history);
	else if (file == 1)
		*ret = logbook_store_db(job->logbook);
	else if (file == 2 && job->outbox)
		*ret = outbox_store_db(job->outbox);
	else
		return job->directory ? athlete_rows_open(job->directory, file, ret_opened) : 0;
	return *ret ? 0 : -EAGAIN;
}

/* For each database: r < 0 ends it, other numbers are added up. */
static int each_db(
	const struct job *job, int (*visit)(const struct job *job, sqlite3 *db, unsigned file))
{
	int sum = 0, r = 0;

	for (unsigned i = 0; i < ATHLETE_ROWS_FILES && r >= 0; i++) {
		sqlite3 *db, *opened;

		r = db_of(job, i, &db, &opened);
		if (!r && (db || opened))
			r = visit(job, db ? db : opened, i);
		sqlite3_close(opened);
		sum += r > 0 ? r : 0;
	}
	return r < 0 ? r : sum;
}

static int erase_rows(const struct job *job, sqlite3 *db, unsigned file)
{
	return athlete_rows_erase(db, file, job->deleting);
}

static void run_delete(struct store_job *base)
{
	struct job *job = (struct job *)base;
	int r;

	/* It is being read: its rows would come back. */
	if (logbook_store_is_salvaging(job->logbook)) {
		job->r = -EAGAIN;
		return;
	}
	job->r = each_db(job, erase_rows);
	r = job->r >= 0 && job->directory ? athlete_rows_remove_aside(job->directory) : 0;
	if (!r && job->r >= 0)
		r = write_note(job);
	if (r < 0)
		job->r = r;
}

static void after_delete(struct erasure *e, int r)
{
	if (r < 0)
		return;
	add(e, e->deleting);
	e->deleting[0] = '\0';
}

int erasure_delete(struct erasure *e)
{
	if (!has_stores(e))
		return -EAGAIN;
	return post(e, new_job(e, text_of(e, CLEAN), run_delete, after_delete));
}

static int count_listed(const struct job *job, sqlite3 *db, unsigned file)
{
	int sum = 0, r = 0;

	for (size_t i = 0; i < job->n && r >= 0; i++) {
		r = athlete_rows_n_listed(db, file, job->name[i]);
		sum += r;
	}
	return r < 0 ? r : sum;
}

static int measure(const struct job *job, sqlite3 *db, unsigned file)
{
	int64_t bytes = database_number(db, "PRAGMA page_count", 0) *
			database_number(db, "PRAGMA page_size", 0);

	return bytes > SMALL_BYTES;
}

static int clean(const struct job *job, sqlite3 *db, unsigned file)
{
	return athlete_rows_clean(db);
}

static void run_clean(struct store_job *base)
{
	struct job *job = (struct job *)base;
	int r = each_db(job, count_listed);

	if (r > 0)
		r = -EINPROGRESS;
	if (!r && job->is_busy && each_db(job, measure) != 0)
		r = -EBUSY;
	if (!r)
		r = each_db(job, clean);
	job->r = r < 0 ? r : write_note(job);
}

static void after_clean(struct erasure *e, int r)
{
	if (!r)
		e->n = 0;
}

int erasure_clean(struct erasure *e, bool is_busy)
{
	struct job *job;

	if (!has_stores(e))
		return -EAGAIN;
	job = new_job(e, alloc_text(""), run_clean, after_clean);
	job->is_busy = is_busy;
	return post(e, job);
}
