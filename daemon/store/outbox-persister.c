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

/* What was acknowledged goes from the disk this much later, together. */
#define FORGET_US (US_PER_S / 4)
/* A state that the broker did not take for so long is worth a write. */
#define STATE_US (5 * US_PER_S)
/* A wall clock that was set, against one that is slewed. */
#define WALL_STEP_US US_PER_S

struct outbox_persister {
	sd_event *loop;
	sd_event_source *timer;
	int64_t timer_us; /* T_NEVER: not set */
	char *directory;  /* NULL: memory only */
	uint64_t max_bytes;
	struct outbox *outbox;
	struct outbox_store *store; /* NULL: could not be opened */
	int trouble;                /* -errno of the disk, 0: none; said once */
	uint64_t last_seq;          /* where there is no store */
	int64_t wall_offset_us;     /* with which the rows on disk were dated */
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

static void set_timer(struct outbox_persister *keeper, int64_t in_us)
{
	int64_t at_us = clock_now_us() + in_us;

	if (at_us >= keeper->timer_us)
		return;
	keeper->timer_us = at_us;
	sd_event_source_set_time(keeper->timer, (uint64_t)at_us);
	sd_event_source_set_enabled(keeper->timer, SD_EVENT_ONESHOT);
}

static bool is_wanting(const struct outbox_entry *entry)
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

	if (!is_wanting(entry) || (entry->item.kind == OUTBOX_KIND_STATE && !batch->is_all))
		return;
	if (batch->n == batch->capacity) {
		batch->capacity = batch->capacity ? batch->capacity * 2 : OUTBOX_STORE_BATCH;
		batch->entry = reallocarray(batch->entry, batch->capacity, sizeof(batch->entry[0]));
		if (!batch->entry)
			abort();
	}
	batch->entry[batch->n++] = entry;
}

static void unstore(void *user, struct outbox_entry *entry)
{
	entry->is_stored = false;
}

static void tell(struct outbox_persister *keeper, int r)
{
	if (r == keeper->trouble)
		return;
	if (!r)
		journal_write(LOG_NOTICE, "disk", "the outbox is on disk again");
	else
		journal_write(LOG_WARNING, "disk",
			"%s: the outbox lives in memory alone, a power cut would lose it",
			strerror(-r));
	keeper->trouble = r;
}

static void count_commit(struct outbox_persister *keeper, int64_t begin_us)
{
	int64_t took_us = clock_now_us() - begin_us;

	if (took_us > keeper->counters.commit_us_max)
		keeper->counters.commit_us_max = took_us;
	keeper->counters.commits++;
}

static int commit_once(struct outbox_persister *keeper, bool with_states)
{
	struct batch batch = {.is_all = with_states};
	int64_t begin_us = clock_now_us();
	int r;

	keeper->n_fresh = 0;
	outbox_each(keeper->outbox, collect, &batch);
	r = outbox_store_commit(keeper->store, batch.entry, batch.n, wall_offset_us());
	free(batch.entry);
	count_commit(keeper, begin_us);
	return r;
}

/* Everything that is not on disk, in one transaction. r: of a commit before it. */
static int commit_after(struct outbox_persister *keeper, int r)
{
	if (r == -EUCLEAN) {
		journal_write_limited(&keeper->damage_limit, LOG_ERR, "disk",
			"outbox.db was damaged: it is now outbox.db.bad, a new one is written");
		keeper->counters.replaced++;
		outbox_each(keeper->outbox, unstore, NULL);
		r = commit_once(keeper, true);
	}
	tell(keeper, r);
	return r;
}

static int commit(struct outbox_persister *keeper)
{
	return commit_after(keeper, commit_once(keeper, true));
}

/* The fresh events alone: no look through the whole outbox. */
static int commit_fresh(struct outbox_persister *keeper)
{
	int64_t begin_us = clock_now_us();
	int r = outbox_store_commit(
		keeper->store, keeper->fresh, keeper->n_fresh, wall_offset_us());

	keeper->n_fresh = 0;
	count_commit(keeper, begin_us);
	return r;
}

bool outbox_persister_has_fresh(const struct outbox_persister *keeper)
{
	return keeper->n_fresh > 0;
}

void outbox_persister_settle(struct outbox_persister *keeper)
{
	int r;

	if (!keeper->n_fresh)
		return;
	r = commit_fresh(keeper);
	if (r)
		commit_after(keeper, r);
}

/* A board without a clock of its own gets the time of day from the network, minutes after it began
 * to write: what was dated before is dated anew, or a restart would take it for days old. */
static void follow_wall(struct outbox_persister *keeper)
{
	int64_t offset_us = wall_offset_us();

	if (llabs(offset_us - keeper->wall_offset_us) < WALL_STEP_US)
		return;
	keeper->wall_offset_us = offset_us;
	outbox_each(keeper->outbox, unstore, NULL);
	commit(keeper);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct outbox_persister *keeper = user;

	keeper->timer_us = T_NEVER;
	if (keeper->store && !keeper->trouble)
		commit(keeper);
	return 0;
}

static void on_row(void *user, const struct outbox_store_row *row)
{
	struct outbox_persister *keeper = user;
	int64_t age_us = clock_wall_us() - row->created_wall_ms * US_PER_MS;

	/* A clock that was set back, or a board without one, makes it young, not from the
	 * future. What was for the moment it was made in is over then, at an age nobody knows. */
	if (age_us < 0 && row->item.expiry_s) {
		outbox_store_forget(keeper->store, &row->item);
		return;
	}
	outbox_restore(keeper->outbox, clock_now_us() - (age_us > 0 ? age_us : 0), &row->item);
}

static int open_store(struct outbox_persister *keeper)
{
	int r = outbox_store_open(keeper->directory, keeper->max_bytes, &keeper->store);

	if (r < 0)
		return r;
	return outbox_store_load(keeper->store, on_row, keeper);
}

static void begin(struct outbox_persister *keeper)
{
	int r = open_store(keeper);

	if (r == 1) {
		journal_write(LOG_ERR, "disk",
			"outbox.db was damaged: it is now outbox.db.bad; %zu events could be read",
			outbox_n_events(keeper->outbox));
		keeper->counters.replaced++;
		outbox_each(keeper->outbox, unstore, NULL);
		commit(keeper);
	} else if (r < 0) {
		tell(keeper, r);
	} else if (outbox_n_events(keeper->outbox)) {
		journal_write(LOG_NOTICE, "coxad", "%zu events of an earlier run are to be sent",
			outbox_n_events(keeper->outbox));
	}
}

int outbox_persister_new(sd_event *loop, const char *directory, uint64_t max_bytes,
	struct outbox *outbox, struct outbox_persister **ret)
{
	struct outbox_persister *keeper = alloc_zero(1, sizeof(*keeper));
	int r;

	keeper->loop = sd_event_ref(loop);
	keeper->directory = alloc_text(directory);
	keeper->max_bytes = max_bytes;
	keeper->outbox = outbox;
	keeper->timer_us = T_NEVER;
	keeper->wall_offset_us = wall_offset_us();
	r = sd_event_add_time(loop, &keeper->timer, CLOCK_MONOTONIC, 0, 1, on_timer, keeper);
	if (r >= 0)
		r = sd_event_source_set_enabled(keeper->timer, SD_EVENT_OFF);
	/* The outbox says `gone` through us while it is filled. */
	*ret = keeper;
	if (r >= 0 && directory)
		begin(keeper);
	else if (r >= 0)
		journal_write(LOG_WARNING, "config",
			"no state directory: the outbox lives in memory alone");
	if (r >= 0 && keeper->trouble == -EBUSY)
		r = -EBUSY;
	if (r < 0) {
		*ret = NULL;
		outbox_persister_free(keeper);
		return r;
	}
	return 0;
}

struct outbox_persister *outbox_persister_free(struct outbox_persister *keeper)
{
	if (!keeper)
		return NULL;
	outbox_persister_flush(keeper);
	outbox_store_free(keeper->store);
	sd_event_source_disable_unref(keeper->timer);
	sd_event_unref(keeper->loop);
	free(keeper->directory);
	free(keeper);
	return NULL;
}

uint64_t outbox_persister_last_seq(const struct outbox_persister *keeper)
{
	uint64_t stored = keeper->store ? outbox_store_last_seq(keeper->store) : 0;

	return stored > keeper->last_seq ? stored : keeper->last_seq;
}

void outbox_persister_added(struct outbox_persister *keeper, struct outbox_entry *entry)
{
	if (entry->item.seq > keeper->last_seq)
		keeper->last_seq = entry->item.seq;
	if (!keeper->store || keeper->trouble)
		return; /* the tick tries again */
	switch (entry->item.kind) {
	case OUTBOX_KIND_EVENT:
		keeper->fresh[keeper->n_fresh++] = entry;
		if (keeper->n_fresh == OUTBOX_STORE_BATCH)
			outbox_persister_settle(keeper);
		break;
	case OUTBOX_KIND_STATE:
		set_timer(keeper, STATE_US);
		break;
	case OUTBOX_KIND_REPLY:
		break;
	}
}

static void drop_fresh(struct outbox_persister *keeper, const struct outbox_entry *entry)
{
	size_t kept = 0;

	for (size_t i = 0; i < keeper->n_fresh; i++)
		if (keeper->fresh[i] != entry)
			keeper->fresh[kept++] = keeper->fresh[i];
	keeper->n_fresh = kept;
}

void outbox_persister_gone(
	struct outbox_persister *keeper, const struct outbox_entry *entry, enum outbox_gone why)
{
	if (!keeper || !keeper->store || entry->item.kind == OUTBOX_KIND_REPLY)
		return;
	drop_fresh(keeper, entry);
	if (why == OUTBOX_GONE_REPLACED)
		return; /* its row is the newer value's now */
	if (entry->is_stored)
		outbox_store_forget(keeper->store, &entry->item);
	else if (entry->item.kind == OUTBOX_KIND_EVENT)
		outbox_store_note_seq(keeper->store, entry->item.seq);
	else
		return;
	if (outbox_store_n_forgotten(keeper->store) >= OUTBOX_STORE_BATCH)
		set_timer(keeper, 0);
	else
		set_timer(keeper, FORGET_US);
}

void outbox_persister_bury(
	struct outbox_persister *keeper, const struct outbox_entry *entry, int reason)
{
	if (keeper->store && entry->item.kind == OUTBOX_KIND_EVENT)
		outbox_store_bury(keeper->store, entry, reason, wall_offset_us());
}

void outbox_persister_tick(struct outbox_persister *keeper)
{
	int r;

	if (!keeper->directory)
		return;
	if (!keeper->store) {
		r = outbox_store_open(keeper->directory, keeper->max_bytes, &keeper->store);
		if (r < 0) {
			tell(keeper, r);
			return;
		}
		/* Rows that an earlier run left come in behind: late, but not lost. */
		outbox_store_load(keeper->store, on_row, keeper);
		outbox_store_note_seq(keeper->store, keeper->last_seq);
		keeper->trouble = -EIO;
	}
	if (keeper->trouble)
		commit(keeper);
	else
		follow_wall(keeper);
	outbox_store_has_ballast(keeper->store);
}

void outbox_persister_flush(struct outbox_persister *keeper)
{
	if (keeper->store)
		commit(keeper);
}

static void look(void *user, struct outbox_entry *entry)
{
	uint64_t *n = user;

	*n += is_wanting(entry) && entry->item.kind == OUTBOX_KIND_EVENT;
}

bool outbox_persister_is_safe(const struct outbox_persister *keeper)
{
	uint64_t n = 0;

	if (!keeper->store || keeper->trouble)
		return false;
	outbox_each(keeper->outbox, look, &n);
	return !n;
}

void outbox_persister_get_counters(
	const struct outbox_persister *keeper, struct outbox_persister_counters *ret)
{
	*ret = keeper->counters;
	ret->not_on_disk = 0;
	outbox_each(keeper->outbox, look, &ret->not_on_disk);
}
