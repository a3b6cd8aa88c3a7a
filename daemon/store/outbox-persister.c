// SPDX-License-Identifier: MIT
#include "coxad/store/outbox-persister.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/clock.h"
#include "daemon/store/outbox-store.h"

/* What was acknowledged is deleted from the disk this much later, together. */
#define FORGET_US (US_PER_S / 4)
/* A state that the broker has not accepted for this long is worth writing to disk. */
#define STATE_US (5 * US_PER_S)
/* Numbers that no earlier run used, where it is not known which those were: the time in microseconds,
 * 2005 or later; below that, at random, if the clock was never set. */
#define SEQ_FROM_CLOCK (UINT64_C(1) << 50)
#define SEQ_AT_RANDOM  (UINT64_C(1) << 49)

struct outbox_persister {
	sd_event *loop;
	sd_event_source *timer;
	int64_t timer_us; /* T_NEVER: not set */
	char *directory;  /* NULL: memory only */
	uint64_t max_bytes;
	struct outbox *outbox;
	struct outbox_store *store;        /* NULL: could not be opened */
	int error;                         /* -errno of the disk, 0: none; logged once */
	uint64_t last_seq;                 /* for when there is no store */
	struct outbox_store_dating dating; /* of the last commit */
	/* Events since the last commit, in their order: borrowed from the outbox. */
	struct outbox_entry *fresh[OUTBOX_STORE_BATCH];
	size_t n_fresh;
	struct outbox_persister_counters counters;
	struct journal_limit damage_limit;
};

/* A growing list of entries for one commit. */
struct batch {
	struct outbox_entry **entry;
	size_t n, capacity;
	bool is_all; /* the states too */
};

static struct outbox_store_dating dating_now(void)
{
	return (struct outbox_store_dating){.wall_offset_us = clock_wall_us() - clock_now_us(),
		.boot = clock_boot(),
		.is_synchronised = clock_is_synchronised()};
}

static void set_timer(struct outbox_persister *persister, int64_t in_us)
{
	int64_t at_us = clock_now_us() + in_us;

	if (at_us >= persister->timer_us)
		return;
	persister->timer_us = at_us;
	sd_event_source_set_time(persister->timer, (uint64_t)at_us);
	sd_event_source_set_enabled(persister->timer, SD_EVENT_ONESHOT);
}

static bool is_missing(const struct outbox_entry *entry)
{
	switch (entry->item.kind) {
	case OUTBOX_KIND_EVENT:
		return !entry->is_stored;
	case OUTBOX_KIND_STATE:
		return entry->is_dirty || !entry->is_stored;
	case OUTBOX_KIND_REPLY:
		break;
	}
	return false;
}

static void collect(void *user, struct outbox_entry *entry)
{
	struct batch *batch = user;

	if (!is_missing(entry) || (entry->item.kind == OUTBOX_KIND_STATE && !batch->is_all))
		return;
	if (batch->n == batch->capacity) {
		batch->capacity = batch->capacity ? batch->capacity * 2 : OUTBOX_STORE_BATCH;
		batch->entry = reallocarray(batch->entry, batch->capacity, sizeof(batch->entry[0]));
		if (!batch->entry)
			abort();
	}
	batch->entry[batch->n++] = entry;
}

static void mark_missing(void *user, struct outbox_entry *entry)
{
	entry->is_stored = false;
}

static void report(struct outbox_persister *persister, int r)
{
	if (r == persister->error)
		return;
	if (!r)
		journal_write(LOG_NOTICE, "disk", "the outbox can be written to disk again");
	else
		journal_write(LOG_WARNING, "disk",
			"%s: the outbox is kept in memory only, a power cut would lose it",
			strerror(-r));
	persister->error = r;
}

static void count_commit(struct outbox_persister *persister, int64_t begin_us)
{
	int64_t took_us = clock_now_us() - begin_us;

	if (took_us > persister->counters.commit_us_max)
		persister->counters.commit_us_max = took_us;
	persister->counters.commits++;
}

static int commit_once(struct outbox_persister *persister, bool with_states)
{
	struct batch batch = {.is_all = with_states};
	int64_t begin_us = clock_now_us();
	int r;

	persister->n_fresh = 0;
	persister->dating = dating_now();
	outbox_each(persister->outbox, collect, &batch);
	r = outbox_store_commit(persister->store, batch.entry, batch.n, &persister->dating);
	free(batch.entry);
	count_commit(persister, begin_us);
	return r;
}

/* Writes everything that is not on disk in one transaction, if the commit before it failed with r
 * because of a damaged file. */
static int commit_after(struct outbox_persister *persister, int r)
{
	if (r == -EUCLEAN) {
		journal_write_limited(&persister->damage_limit, LOG_ERR, "disk",
			"outbox.db was damaged: renamed to outbox.db.bad, starting a new one");
		persister->counters.replaced++;
		outbox_each(persister->outbox, mark_missing, NULL);
		r = commit_once(persister, true);
	}
	report(persister, r);
	return r;
}

static int commit(struct outbox_persister *persister)
{
	return commit_after(persister, commit_once(persister, true));
}

/* Only the fresh events, without a search through the whole outbox. */
static int commit_fresh(struct outbox_persister *persister)
{
	int64_t begin_us = clock_now_us();
	int r;

	persister->dating = dating_now();
	r = outbox_store_commit(
		persister->store, persister->fresh, persister->n_fresh, &persister->dating);
	persister->n_fresh = 0;
	count_commit(persister, begin_us);
	return r;
}

bool outbox_persister_has_fresh(const struct outbox_persister *persister)
{
	return persister->n_fresh > 0;
}

void outbox_persister_settle(struct outbox_persister *persister)
{
	int r;

	if (!persister->n_fresh)
		return;
	r = commit_fresh(persister);
	if (r)
		commit_after(persister, r);
}

/* When the clock was set, the rows on disk get new dates. */
static void follow_wall(struct outbox_persister *persister)
{
	struct outbox_store_dating now = dating_now();

	if (llabs(now.wall_offset_us - persister->dating.wall_offset_us) >= OUTBOX_STORE_STEP_US ||
		now.is_synchronised != persister->dating.is_synchronised)
		commit(persister);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct outbox_persister *persister = user;

	persister->timer_us = T_NEVER;
	if (persister->store && !persister->error)
		commit(persister);
	return 0;
}

/* When a row was made, in host time. In this boot, the monotonic clock knows. Otherwise the wall clock
 * says so if it is right now and was right then; or else it counts as made just now, so that what was
 * dated by a clock that nobody set never ages. False: it expires, and nobody knows when. */
static bool find_created(const struct outbox_table_row *row, int64_t *ret_us)
{
	int64_t now_us = clock_now_us(), boot = clock_boot(), created_us = now_us;
	int64_t age_us = clock_wall_us() - row->created_wall_ms * US_PER_MS;
	bool is_dated = row->is_synchronised && clock_is_synchronised() && age_us >= 0;

	if (boot && row->boot == boot)
		created_us = row->up_ms * US_PER_MS;
	else if (is_dated)
		created_us = now_us - age_us;
	else if (row->item.expiry_s)
		return false;
	*ret_us = created_us < now_us ? created_us : now_us;
	return true;
}

static void on_row(void *user, const struct outbox_table_row *row)
{
	struct outbox_persister *persister = user;
	int64_t created_us;

	if (find_created(row, &created_us))
		outbox_restore(persister->outbox, created_us, &row->item);
	else
		outbox_store_forget(persister->store, &row->item);
}

static void report_damaged(struct outbox_persister *persister)
{
	int64_t n = outbox_store_n_damaged(persister->store);

	if (n)
		journal_write(LOG_ERR, "disk",
			"%lld rows of outbox.db failed their checksum and are not sent: see its table damaged",
			(long long)n);
	persister->counters.damaged += (uint64_t)n;
}

static int open_store(struct outbox_persister *persister)
{
	int r = outbox_store_open(persister->directory, persister->max_bytes, &persister->store);

	if (r < 0)
		return r;
	r = outbox_store_load(persister->store, on_row, persister);
	report_damaged(persister);
	return r;
}

/* Which numbers were used is not known: on from one that cannot have been. */
static void skip_used_seqs(struct outbox_persister *persister)
{
	uint64_t wall_us = (uint64_t)clock_wall_us(), random = 0;

	if (persister->store && outbox_store_is_counting(persister->store))
		return;
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)clock_now_us();
	persister->last_seq = wall_us >= SEQ_FROM_CLOCK && wall_us < OUTBOX_TABLE_SEQ_MAX
				      ? wall_us
				      : SEQ_AT_RANDOM + random % (SEQ_FROM_CLOCK - SEQ_AT_RANDOM);
}

/* The rows that could be read have to be written again. */
static void replace(struct outbox_persister *persister)
{
	const char *aside = outbox_store_aside(persister->store);

	journal_write(LOG_ERR, "disk",
		"outbox.db was damaged or of a newer coxad: kept as %s; %zu events were taken over",
		aside ? aside : "nothing", outbox_n_events(persister->outbox));
	persister->counters.replaced++;
	outbox_each(persister->outbox, mark_missing, NULL);
}

static void begin(struct outbox_persister *persister)
{
	int r = open_store(persister);

	if (r == 1) {
		replace(persister);
		commit(persister);
	} else if (r < 0) {
		report(persister, r);
	} else if (outbox_n_events(persister->outbox)) {
		journal_write(LOG_NOTICE, "coxad",
			"%zu events of an earlier run are waiting to be sent",
			outbox_n_events(persister->outbox));
	}
}

int outbox_persister_new(sd_event *loop, const char *directory, uint64_t max_bytes,
	struct outbox *outbox, struct outbox_persister **ret)
{
	struct outbox_persister *persister = alloc_zero(1, sizeof(*persister));
	int r;

	persister->loop = sd_event_ref(loop);
	persister->directory = alloc_text(directory);
	persister->max_bytes = max_bytes;
	persister->outbox = outbox;
	persister->timer_us = T_NEVER;
	persister->dating = dating_now();
	r = sd_event_add_time(loop, &persister->timer, CLOCK_MONOTONIC, 0, 1, on_timer, persister);
	if (r >= 0)
		r = sd_event_source_set_enabled(persister->timer, SD_EVENT_OFF);
	/* The outbox calls outbox_persister_gone while it is filled. */
	*ret = persister;
	if (r >= 0 && directory)
		begin(persister);
	else if (r >= 0)
		journal_write(LOG_WARNING, "config",
			"no state directory: the outbox is kept in memory only; set state-directory in [gateway]");
	skip_used_seqs(persister);
	if (r >= 0 && persister->error == -EBUSY)
		r = -EBUSY;
	if (r < 0) {
		*ret = NULL;
		outbox_persister_free(persister);
		return r;
	}
	return 0;
}

struct outbox_persister *outbox_persister_free(struct outbox_persister *persister)
{
	if (!persister)
		return NULL;
	outbox_persister_flush(persister);
	outbox_store_free(persister->store);
	sd_event_source_disable_unref(persister->timer);
	sd_event_unref(persister->loop);
	free(persister->directory);
	free(persister);
	return NULL;
}

uint64_t outbox_persister_last_seq(const struct outbox_persister *persister)
{
	uint64_t stored = persister->store ? outbox_store_last_seq(persister->store) : 0;

	return stored > persister->last_seq ? stored : persister->last_seq;
}

void outbox_persister_added(struct outbox_persister *persister, struct outbox_entry *entry)
{
	if (entry->item.seq > persister->last_seq)
		persister->last_seq = entry->item.seq;
	if (!persister->store || persister->error)
		return; /* the tick tries again */
	switch (entry->item.kind) {
	case OUTBOX_KIND_EVENT:
		persister->fresh[persister->n_fresh++] = entry;
		if (persister->n_fresh == OUTBOX_STORE_BATCH)
			outbox_persister_settle(persister);
		break;
	case OUTBOX_KIND_STATE:
		set_timer(persister, STATE_US);
		break;
	case OUTBOX_KIND_REPLY:
		break;
	}
}

static void drop_fresh(struct outbox_persister *persister, const struct outbox_entry *entry)
{
	size_t kept = 0;

	for (size_t i = 0; i < persister->n_fresh; i++)
		if (persister->fresh[i] != entry)
			persister->fresh[kept++] = persister->fresh[i];
	persister->n_fresh = kept;
}

void outbox_persister_gone(struct outbox_persister *persister, const struct outbox_entry *entry,
	enum outbox_gone reason)
{
	if (!persister || !persister->store || entry->item.kind == OUTBOX_KIND_REPLY)
		return;
	drop_fresh(persister, entry);
	if (reason == OUTBOX_GONE_REPLACED)
		return; /* the row belongs to the newer value now */
	if (entry->is_stored)
		outbox_store_forget(persister->store, &entry->item);
	else if (entry->item.kind == OUTBOX_KIND_EVENT)
		outbox_store_note_seq(persister->store, entry->item.seq);
	else
		return;
	if (outbox_store_n_forgotten(persister->store) >= OUTBOX_STORE_BATCH)
		set_timer(persister, 0);
	else
		set_timer(persister, FORGET_US);
}

void outbox_persister_bury(
	struct outbox_persister *persister, const struct outbox_entry *entry, int reason)
{
	if (persister->store && entry->item.kind == OUTBOX_KIND_EVENT)
		outbox_store_bury(persister->store, entry, reason, &persister->dating);
}

void outbox_persister_tick(struct outbox_persister *persister)
{
	int r;

	if (!persister->directory)
		return;
	if (!persister->store) {
		/* Rows of an earlier run come in after newer events: late, but not lost. */
		r = open_store(persister);
		if (r < 0) {
			report(persister, r);
			return;
		}
		if (r == 1)
			replace(persister);
		outbox_store_note_seq(persister->store, persister->last_seq);
		persister->error = -EIO;
	}
	if (persister->error)
		commit(persister);
	else
		follow_wall(persister);
	outbox_store_refill(persister->store);
}

void outbox_persister_flush(struct outbox_persister *persister)
{
	if (persister->store)
		commit(persister);
}

static void count_missing(void *user, struct outbox_entry *entry)
{
	uint64_t *n = user;

	*n += is_missing(entry) && entry->item.kind == OUTBOX_KIND_EVENT;
}

bool outbox_persister_is_safe(const struct outbox_persister *persister)
{
	uint64_t n = 0;

	if (!persister->store || persister->error)
		return false;
	outbox_each(persister->outbox, count_missing, &n);
	return !n;
}

void outbox_persister_get_counters(
	const struct outbox_persister *persister, struct outbox_persister_counters *ret)
{
	*ret = persister->counters;
	ret->is_in_memory = !persister->store || persister->error;
	ret->not_on_disk = 0;
	outbox_each(persister->outbox, count_missing, &ret->not_on_disk);
}
