// SPDX-License-Identifier: MIT
#include "daemon/main/manager-erase.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-name.h"
#include "coxad/flow/gateway-erase.h"
#include "coxad/loop/clock.h"
#include "coxad/mqtt/sink-erase.h"
#include "coxad/store/athlete-match.h"
#include "coxad/store/erasure.h"
#include "daemon/main/manager-timer.h"

/* Whoever asked waits so long for the broker. */
#define ANSWER_US (10 * (int64_t)US_PER_S)
/* Until something is tried again: longer each time. */
#define SOON_US  (US_PER_S / 5)
#define LATER_US (10 * (int64_t)US_PER_S)
/* Each time the files are written anew: not often onto a disk that is full or fails. */
#define DISK_AGAIN_US (600 * (int64_t)US_PER_S)
/* At the start and the end, for the disk. */
#define DISK_US (10 * (int64_t)US_PER_S)

struct manager_erase {
	struct erasure *erasure;
	sd_event_source *timer;
	void (*step)(struct manager *m, int r); /* NULL: none is under way */
	char athlete[NAME_SIZE];                /* of the caller */
	bool is_asked;                          /* the caller waits for an answer */
	int64_t until_us;
	int64_t pause_us;
	int n_entries;
	int error; /* of the disk, 0: none; logged once */
};

static void arm(struct manager *m, int64_t in_us)
{
	m->erase->pause_us = in_us;
	sd_event_source_set_time_relative(m->erase->timer, (uint64_t)in_us);
	sd_event_source_set_enabled(m->erase->timer, SD_EVENT_ONESHOT);
}

static void arm_again(struct manager *m)
{
	int64_t pause_us = m->erase->pause_us ? 2 * m->erase->pause_us : SOON_US;

	arm(m, pause_us < LATER_US ? pause_us : LATER_US);
}

/* --- the answer --- */

static void refuse(struct manager *m, const char *why)
{
	if (m->erase->is_asked && m->control)
		control_erased(m->control, NULL, why);
	m->erase->is_asked = false;
}

/* They would begin a session with the name again. */
static json_t *configured_kits(const struct manager *m)
{
	json_t *kits = json_array();

	for (unsigned i = 0; i < m->conf->n_kits; i++) {
		const struct kit_conf *kit = &m->conf->kit[i];

		if (!kit->is_gone && kit->athlete && !strcmp(kit->athlete, m->erase->athlete))
			json_array_append_new(kits, json_string(kit->name));
	}
	return kits;
}

/* left: what cleaning waits for; NULL: all is done. */
static void answer(struct manager *m, const char *left)
{
	struct manager_erase *e = m->erase;
	json_t *all = json_pack("{s:s,s:i,s:s?,s:o}", "athlete", e->athlete, "entries",
		e->n_entries, "waits_for", left, "kits", configured_kits(m));
	_auto_free_ char *text = json_dumps(all, JSON_COMPACT);

	json_decref(all);
	if (e->is_asked && m->control)
		control_erased(m->control, text, NULL);
	e->is_asked = false;
}

/* --- memory --- */

struct found {
	const char *athlete;
	struct row {
		enum history_kind kind;
		char *name;
	} * row;
	size_t n, capacity;
};

static void find(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct found *found = user;

	if (!athlete_match(found->athlete, history_kind_to_string(kind), name, text, size))
		return;
	found->row = alloc_grow(found->row, found->n, &found->capacity, sizeof(*found->row));
	found->row[found->n++] = (struct row){kind, alloc_text(name)};
}

/* Topics are needed until the broker has removed them. */
static void forget_row(struct manager *m, const struct row *row)
{
	if (row->kind != HISTORY_KIND_RETAINED)
		history_persister_erase(m->history, row->kind, row->name);
	else if (m->gateway)
		gateway_erase_topic(m->gateway, row->name);
	else
		history_persister_put(m->history, row->kind, row->name, "0", 1);
}

/* But for removals of topics: those still have to reach the broker. */
static bool is_about(void *user, const char *topic, const void *payload, size_t size)
{
	return size && athlete_match(user, "outbox", topic, payload, size);
}

static void forget(struct manager *m, char *athlete)
{
	struct found found = {.athlete = athlete};

	if (m->gateway) {
		m->last_us = clock_now_us();
		gateway_advance(m->gateway, m->last_us);
		gateway_erase(m->gateway, athlete);
	}
	if (m->mqtt)
		sink_erase(m->mqtt, is_about, athlete);
	history_persister_each(m->history, find, &found);
	for (size_t i = 0; i < found.n; i++) {
		forget_row(m, &found.row[i]);
		free(found.row[i].name);
	}
	free(found.row);
	logbook_persister_erase(m->logbook, athlete);
	if (m->gateway)
		manager_timer_arm(m);
}

/* --- steps --- */

static void on_step(void *user, int r)
{
	struct manager *m = user;
	void (*step)(struct manager * m, int r) = m->erase->step;

	m->erase->step = NULL;
	if (!m->is_stopping)
		step(m, r);
}

static void begun(struct manager *m, int r, void (*step)(struct manager *m, int r))
{
	if (r < 0)
		step(m, r);
	else
		m->erase->step = step;
}

#define NOT_ERASED "an athlete could not be erased from all files yet"

static void note_error(struct manager *m, int r, const char *what)
{
	if (r == m->erase->error)
		return;
	m->erase->error = r;
	if (r)
		journal_write(LOG_ERR, "disk", "%s (%s): tried again", what, strerror(-r));
}

static void on_cleaned(struct manager *m, int r)
{
	struct manager_erase *e = m->erase;
	bool is_later = r == -EINPROGRESS || r == -EBUSY;

	note_error(m, is_later ? 0 : r, NOT_ERASED);
	if (!r) {
		journal_write(LOG_NOTICE, "coxad",
			"the files hold nothing of the erased athletes any more");
		answer(m, NULL);
		return;
	}
	if (clock_now_us() >= e->until_us || r != -EINPROGRESS || !m->is_broker_up)
		answer(m, r == -EINPROGRESS ? "broker" : r == -EBUSY ? "sessions" : "disk");
	if (e->is_asked)
		arm(m, SOON_US);
	else if (is_later)
		arm_again(m);
	else
		arm(m, DISK_AGAIN_US);
}

static void begin_clean(struct manager *m)
{
	/* The topics that the broker has removed are deleted from all files. */
	ahead_write(m->ahead);
	if (m->backup) {
		on_cleaned(m, -EBUSY);
		return;
	}
	begun(m, erasure_clean(m->erase->erasure, gateway_erase_has_session(m->gateway)),
		on_cleaned);
}

static void on_deleted(struct manager *m, int r)
{
	struct manager_erase *e = m->erase;

	note_error(m, r < 0 ? r : 0, NOT_ERASED);
	if (r < 0) {
		refuse(m,
			"the disk fails: coxad tries again until the athlete is erased, even after a restart; see coxactl doctor");
		arm_again(m);
		return;
	}
	e->n_entries = r;
	journal_write(LOG_NOTICE, "coxad", "an athlete was erased: %d entries", r);
	/* A commit that failed before gives its entries back, and they would be written again. */
	if (!m->gateway || !gateway_erase_kit(m->gateway, e->athlete))
		logbook_persister_erase(m->logbook, e->athlete);
	e->until_us = clock_now_us() + ANSWER_US;
	arm(m, SOON_US);
}

static void on_revoked(struct manager *m, int r)
{
	note_error(m, r,
		"an athlete who is not to be erased is still noted, and a restart would do it");
	refuse(m, "a session, a recording or a backup has just begun; end it first");
	if (r < 0)
		arm_again(m);
	else if (erasure_is_dirty(m->erase->erasure))
		arm(m, SOON_US);
}

static void begin_delete(struct manager *m)
{
	struct manager_erase *e = m->erase;

	snprintf(e->athlete, sizeof(e->athlete), "%s", erasure_athlete(e->erasure));
	forget(m, e->athlete);
	begun(m, erasure_delete(e->erasure), on_deleted);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct manager *m = user;
	const char *athlete = erasure_athlete(m->erase->erasure);

	if (m->erase->step || m->is_stopping)
		return 0;
	if (erasure_is_revoked(m->erase->erasure)) {
		begun(m, erasure_revoke(m->erase->erasure), on_revoked);
		return 0;
	}
	/* The alerts of a session that has begun since would go too: it has to end first. */
	if (athlete && m->gateway && gateway_erase_kit(m->gateway, athlete))
		arm_again(m);
	else if (athlete)
		begin_delete(m);
	else if (erasure_is_dirty(m->erase->erasure))
		begin_clean(m);
	return 0;
}

static void on_noted(struct manager *m, int r)
{
	if (r < 0)
		refuse(m, "nothing was erased: the disk fails; see coxactl doctor");
	else if (gateway_erase_kit(m->gateway, m->erase->athlete) || m->backup || m->recorder ||
		 m->asked)
		begun(m, erasure_revoke(m->erase->erasure), on_revoked);
	else
		begin_delete(m);
}

/* --- life --- */

/* Waits for the disk: what it is to delete must not come back to the gateway. */
static void resume(struct manager *m)
{
	store_thread_wait(m->store_thread, clock_now_us() + DISK_US);
	journal_write(LOG_NOTICE, "coxad", "finishing to erase an athlete");
	begin_delete(m);
	store_thread_wait(m->store_thread, clock_now_us() + DISK_US);
}

int manager_erase_open(struct manager *m, const char *directory)
{
	struct erasure_options options = {.thread = m->store_thread,
		.directory = directory,
		.history = m->history,
		.logbook = m->logbook,
		.outbox = m->mqtt ? sink_mqtt_persister(m->mqtt) : NULL};
	int r;

	m->erase = new0(struct manager_erase);
	r = sd_event_add_time(
		loop_event(m->loop), &m->erase->timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_timer, m);
	if (r < 0)
		return r;
	m->erase->erasure = erasure_new(&options, on_step, m);
	if (erasure_athlete(m->erase->erasure))
		resume(m);
	else if (erasure_is_dirty(m->erase->erasure))
		arm(m, SOON_US);
	return 0;
}

void manager_erase_stop(struct manager *m)
{
	bool is_under_way;

	if (!m->erase)
		return;
	is_under_way = m->erase->step != NULL;
	erasure_free(m->erase->erasure);
	sd_event_source_disable_unref(m->erase->timer);
	free(m->erase);
	m->erase = NULL;
	if (!is_under_way || store_thread_wait(m->store_thread, clock_now_us() + DISK_US))
		return;
	/* The disk does not answer: what the job uses stays to the end of the process. */
	m->mqtt = NULL;
	m->history = NULL;
	m->logbook = NULL;
}

static int explain(char ret_why[static CONTROL_WHY_SIZE], int r, const char *why)
{
	snprintf(ret_why, CONTROL_WHY_SIZE, "%s", why);
	return r;
}

/* 0: none. */
static int objection(struct manager *m, const char *athlete, char ret_why[static CONTROL_WHY_SIZE])
{
	const char *kit;

	if (!conf_name_is_valid(athlete))
		return explain(ret_why, -EINVAL, "this cannot be the name of an athlete");
	kit = gateway_erase_kit(m->gateway, athlete);
	if (kit) {
		snprintf(ret_why, CONTROL_WHY_SIZE,
			"%s is in a session, or it is just being closed; end it, and try again in a few "
			"seconds: coxactl session end %s",
			athlete, kit);
		return -EBUSY;
	}
	if (m->recorder || m->asked)
		return explain(ret_why, -EBUSY,
			"coxad is recording, and the recording would keep the name; end it first");
	if (m->backup)
		return explain(ret_why, -EBUSY,
			"a backup is being made, and would keep what is erased; wait for its end");
	if (m->erase->is_asked || m->erase->step || erasure_athlete(m->erase->erasure))
		return explain(
			ret_why, -EBUSY, "another athlete is being erased; try again in a moment");
	return 0;
}

int manager_erase_begin(
	struct manager *m, const char *athlete, char ret_why[static CONTROL_WHY_SIZE])
{
	struct manager_erase *e = m->erase;
	int r;

	m->last_us = clock_now_us();
	gateway_advance(m->gateway, m->last_us);
	manager_timer_arm(m);
	r = objection(m, athlete, ret_why);
	if (r < 0)
		return r;
	ahead_write(m->ahead);
	r = erasure_note(e->erasure, athlete);
	if (r == -EAGAIN)
		return explain(ret_why, r,
			"what coxad keeps is not on disk now, which fails; see coxactl doctor");
	if (r < 0)
		return explain(ret_why, r,
			"the removal of too many athletes still waits for the broker; check that it can be reached");
	snprintf(e->athlete, sizeof(e->athlete), "%s", athlete);
	e->is_asked = true;
	e->step = on_noted;
	return 0;
}

void manager_erase_removed(struct manager *m, const char *topic)
{
	const char *text = history_persister_get(m->history, HISTORY_KIND_RETAINED, topic);

	if (!text || strcmp(text, "0") != 0)
		return;
	history_persister_put(m->history, HISTORY_KIND_RETAINED, topic, NULL, 0);
	if (erasure_is_dirty(m->erase->erasure))
		arm(m, SOON_US);
}
