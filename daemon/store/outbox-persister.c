// SPDX-License-Identifier: MIT
#include "coxad/store/outbox-persister.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/clock.h"
#include "daemon/store/outbox-store.h"

/* What was acknowledged is deleted from the disk this much later, together. */
#define FORGET_US (US_PER_S / 4)
/* A state that the broker has not accepted for this long is worth writing to disk. */
#define STATE_US (5 * US_PER_S)
/* Tells a wall clock that was set from one that is slewed. */
#define WALL_STEP_US US_PER_S

struct outbox_persister {
	sd_event *loop;
	sd_event_source *timer;
	int64_t timer_us; /* T_NEVER: not set */
	char *directory;  /* NULL: memory only */
	uint64_t max_bytes;
	struct outbox *outbox;
	struct outbox_store *store; /* NULL: could not be opened */
	int error;                  /* -errno of the disk, 0: none; logged once */
	uint64_t last_seq;          /* for when there is no store */
	int64_t wall_offset_us;     /* that the dates of the rows on disk are based on */
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

static int64_t wall_offset_us(void)
{
	return clock_wall_us() - clock_now_us();
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
	outbox_each(persister->outbox, collect, &batch);
	r = outbox_store_commit(persister->store, batch.entry, batch.n, wall_offset_us());
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
	int r = outbox_store_commit(
		persister->store, persister->fresh, persister->n_fresh, wall_offset_us());

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

/* A board without a clock gets the time of day from the network, minutes after it began to write:
 * older rows get new dates, or a restart would take them for days old. */
static void follow_wall(struct outbox_persister *persister)
{
	int64_t offset_us = wall_offset_us();

	if (llabs(offset_us - persister->wall_offset_us) < WALL_STEP_US)
		return;
	persister->wall_offset_us = offset_us;
	outbox_each(persister->outbox, mark_missing, NULL);
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

static void on_row(void *user, const struct outbox_store_row *row)
{
	struct outbox_persister *persister = user;
	int64_t age_us = clock_wall_us() - row->created_wall_ms * US_PER_MS;

	/* After the clock was set back, or on a board without one, a row may seem to come from the
	 * future: it counts as new. But what expires is dropped, as its age is unknown. */
	if (age_us < 0 && row->item.expiry_s) {
		outbox_store_forget(persister->store, &row->item);
		return;
	}
	outbox_restore(persister->outbox, clock_now_us() - (age_us > 0 ? age_us : 0), &row->item);
}

static int open_store(struct outbox_persister *persister)
{
	int r = outbox_store_open(persister->directory, persister->max_bytes, &persister->store);

	if (r < 0)
		return r;
	return outbox_store_load(persister->store, on_row, persister);
}

static void begin(struct outbox_persister *persister)
{
	int r = open_store(persister);

	if (r == 1) {
		journal_write(LOG_ERR, "disk",
			"outbox.db was damaged: renamed to outbox.db.bad; %zu events were recovered",
			outbox_n_events(persister->outbox));
		persister->counters.replaced++;
		outbox_each(persister->outbox, mark_missing, NULL);
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
	persister->wall_offset_us = wall_offset_us();
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
		outbox_store_bury(persister->store, entry, reason, wall_offset_us());
}

void outbox_persister_tick(struct outbox_persister *persister)
{
	int r;

	if (!persister->directory)
		return;
	if (!persister->store) {
		r = outbox_store_open(
			persister->directory, persister->max_bytes, &persister->store);
		if (r < 0) {
			report(persister, r);
			return;
		}
		/* Rows of an earlier run come in after newer events: late, but not lost. */
		outbox_store_load(persister->store, on_row, persister);
		outbox_store_note_seq(persister->store, persister->last_seq);
		persister->error = -EIO;
	}
	if (persister->error)
		commit(persister);
	else
		follow_wall(persister);
	outbox_store_has_ballast(persister->store);
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
	ret->not_on_disk = 0;
	outbox_each(persister->outbox, count_missing, &ret->not_on_disk);
}
