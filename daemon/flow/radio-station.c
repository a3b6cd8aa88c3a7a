// SPDX-License-Identifier: MIT
#include "coxad/flow/radio-station.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-reload.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/flow/intake.h"
#include "coxad/flow/link-memory.h"
#include "daemon/flow/intake-event.h"
#include "daemon/flow/intake-status.h"

/* A place in the configuration becomes free by and by. */
#define PLACE_US (10 * (int64_t)US_PER_S)

struct served {
	struct radio_station *station;
	struct intake *intake;
	bool is_connected;
	enum wearable_problem problem;
	int rssi_dbm;
	int64_t heard_us;
};

struct radio_station {
	struct conf *conf;
	struct radio_uplink *uplink;
	bool has_list;
	struct radio_list list;
	size_t n_senseless, n_unplaced;
	struct served served[CONF_WEARABLES_MAX];
	struct link_memory links;
	int64_t last_us;
	int64_t list_due_us; /* when the list is to be looked at again */
	int64_t intakes_due_us;
};

struct radio_station *radio_station_new(struct conf *conf, struct radio_uplink *uplink)
{
	struct radio_station *station = new0(struct radio_station);

	station->conf = conf;
	station->uplink = uplink;
	station->list_due_us = station->intakes_due_us = T_NEVER;
	return station;
}

struct radio_station *radio_station_free(struct radio_station *station)
{
	if (!station)
		return NULL;
	for (size_t i = 0; i < CONF_WEARABLES_MAX; i++)
		intake_free(station->served[i].intake);
	link_memory_done(&station->links);
	free(station);
	return NULL;
}

/* --- the list --- */

static const struct radio_list_wearable *find_listed(
	const struct radio_station *station, const char *address)
{
	for (unsigned i = 0; i < station->list.n; i++)
		if (strcmp(station->list.wearable[i].address, address) == 0)
			return &station->list.wearable[i];
	return NULL;
}

static unsigned add_kit(struct conf *fresh, const char *name)
{
	int index = conf_find_kit(fresh, name);

	if (index >= 0)
		return (unsigned)index;
	if (!name[0] || fresh->n_kits == CONF_KITS_MAX)
		return CONF_NO_KIT;
	fresh->kit[fresh->n_kits] = (struct kit_conf){.name = alloc_text(name)};
	return (unsigned)fresh->n_kits++;
}

static void add(struct conf *fresh, const struct radio_list_wearable *listed)
{
	struct wearable_conf *wearable = &fresh->wearable[fresh->n_wearables++];

	*wearable = (struct wearable_conf){.name = alloc_text(listed->address),
		.kit = add_kit(fresh, listed->kit),
		.placement = listed->placement,
		.driver = listed->driver[0] ? alloc_text(listed->driver) : NULL,
		.notify = listed->notify,
		.has_notify = listed->has_notify,
		.bond = listed->bond};
	memcpy(wearable->address, listed->address, sizeof(wearable->address));
}

/* Of a wearable that keeps its link: the list does not say how it is to be served. */
static struct radio_list_wearable as_it_is(
	const struct conf *conf, const struct wearable_conf *wearable)
{
	struct radio_list_wearable listed = {.placement = wearable->placement,
		.notify = wearable->notify,
		.has_notify = wearable->has_notify,
		.bond = wearable->bond};

	memcpy(listed.address, wearable->address, sizeof(listed.address));
	if (wearable->driver)
		snprintf(listed.driver, sizeof(listed.driver), "%s", wearable->driver);
	if (wearable->kit != CONF_NO_KIT)
		snprintf(listed.kit, sizeof(listed.kit), "%s", conf->kit[wearable->kit].name);
	return listed;
}

static bool is_kept(const struct radio_station *station, size_t i)
{
	const struct wearable_conf *wearable = &station->conf->wearable[i];
	const struct radio_list_wearable *listed;

	if (wearable->is_gone || !station->served[i].is_connected)
		return false;
	listed = find_listed(station, wearable->address);
	return listed && !listed->is_served && !listed->radio[0];
}

struct unplaced {
	const struct conf *fresh;
	bool is_unplaced[CONF_WEARABLES_MAX];
	bool is_kit_unplaced;
};

static void on_unplaced(void *user, const char *name)
{
	struct unplaced *unplaced = user;
	const struct conf *fresh = unplaced->fresh;

	unplaced->is_kit_unplaced |= strncmp(name, "[kit ", 5) == 0;
	for (size_t i = 0; i < fresh->n_wearables; i++)
		unplaced->is_unplaced[i] |= strstr(name, fresh->wearable[i].address) != NULL;
}

static void leave_out(struct conf *fresh, size_t i)
{
	free(fresh->wearable[i].name);
	free(fresh->wearable[i].driver);
	list_drop(fresh->wearable, fresh->n_wearables, i);
	fresh->wearable[fresh->n_wearables] = (struct wearable_conf){0};
}

/* Clocks do not go together meanwhile. */
static void leave_out_kits(struct conf *fresh)
{
	for (size_t i = 0; i < fresh->n_wearables; i++)
		fresh->wearable[i].kit = CONF_NO_KIT;
	while (fresh->n_kits)
		free(fresh->kit[--fresh->n_kits].name);
}

/* Indexes that were in use lately are not used again yet. */
static void leave_out_unplaced(struct radio_station *station, struct conf *fresh)
{
	struct unplaced unplaced = {.fresh = fresh};

	station->n_unplaced +=
		conf_merge_refused(station->conf, fresh, station->last_us, on_unplaced, &unplaced);
	for (size_t i = fresh->n_wearables; i-- > 0;)
		if (unplaced.is_unplaced[i])
			leave_out(fresh, i);
	if (unplaced.is_kit_unplaced)
		leave_out_kits(fresh);
}

/* Of a newer coxad, perhaps. */
static bool is_sensible(const struct radio_list_wearable *listed)
{
	return !listed->driver[0] || driver_list_find(listed->driver);
}

static void fill_wanted(struct radio_station *station, struct conf *fresh)
{
	station->n_senseless = station->n_unplaced = 0;
	for (unsigned i = 0; i < station->list.n; i++) {
		const struct radio_list_wearable *listed = &station->list.wearable[i];

		if (!listed->is_served)
			continue;
		if (!is_sensible(listed))
			station->n_senseless++;
		else if (fresh->n_wearables < CONF_WEARABLES_MAX)
			add(fresh, listed);
		else
			station->n_unplaced++;
	}
}

/* Those that keep their link first: they need no new place. */
static void fill(struct radio_station *station, struct conf *fresh)
{
	for (size_t i = 0; i < station->conf->n_wearables; i++) {
		if (is_kept(station, i)) {
			struct radio_list_wearable kept =
				as_it_is(station->conf, &station->conf->wearable[i]);

			add(fresh, &kept);
		}
	}
	fill_wanted(station, fresh);
	leave_out_unplaced(station, fresh);
}

static void on_record(void *user, const struct record *record)
{
	const struct served *served = user;

	radio_uplink_note_record(served->station->uplink, record->kind);
}

static void on_changed(void *user, unsigned wearable, bool is_state)
{
}

static const struct intake_ops intake_ops = {.record = on_record, .changed = on_changed};

static void begin_serving(struct radio_station *station, unsigned i)
{
	struct served *served = &station->served[i];
	const char *driver = station->conf->wearable[i].driver;

	intake_free(served->intake);
	*served = (struct served){.station = station};
	served->intake = intake_new(i, driver ? driver_list_find(driver) : NULL,
		&station->conf->analysis, &intake_ops, served);
}

/* The source does not tell of the end of its link, and another radio's would not be meant. */
static void end_serving(struct radio_station *station, unsigned i)
{
	station->served[i].is_connected = false;
	link_memory_forget(&station->links, station->conf->wearable[i].address);
}

/* Of a wearable that is no longer served the drivers' plans are still asked for, until its link has ended. */
static void follow(struct radio_station *station, const struct conf_change *change)
{
	for (unsigned i = 0; i < station->conf->n_wearables; i++) {
		if (change->wearable[i] == CONF_FATE_ADDED)
			begin_serving(station, i);
		else if (change->wearable[i] == CONF_FATE_REMOVED)
			end_serving(station, i);
	}
	station->list_due_us = station->n_unplaced ? station->last_us + PLACE_US : T_NEVER;
}

static void apply_list(struct radio_station *station, struct conf_change *ret)
{
	struct conf *fresh = new0(struct conf);

	fill(station, fresh);
	conf_merge(station->conf, fresh, station->last_us, ret);
	conf_free(fresh);
	follow(station, ret);
}

static void push(void *user, const struct capture_event *event)
{
	struct radio_station *station = user;

	radio_uplink_push(station->uplink, event);
}

static void note_time(struct radio_station *station, int64_t now_us)
{
	if (station->last_us < now_us)
		station->last_us = now_us;
}

void radio_station_serve(struct radio_station *station, int64_t now_us,
	const struct radio_list *list, struct conf_change *ret)
{
	bool is_another = !station->has_list || station->list.epoch != list->epoch;

	note_time(station, now_us);
	station->list = *list;
	station->has_list = true;
	apply_list(station, ret);
	if (is_another)
		link_memory_each(&station->links, station->last_us, push, station);
}

void radio_station_reconfigure(
	struct radio_station *station, int64_t now_us, struct conf *fresh, struct conf_change *ret)
{
	note_time(station, now_us);
	fill(station, fresh);
	conf_reload_adopt(station->conf, fresh, station->last_us, ret);
	follow(station, ret);
}

const struct radio_list *radio_station_list(const struct radio_station *station)
{
	return &station->list;
}

size_t radio_station_refused(const struct radio_station *station)
{
	return station->n_senseless + station->n_unplaced;
}

/* --- events --- */

static void note_link(
	struct radio_station *station, struct served *served, const struct capture_event *event)
{
	if (event->kind == CAPTURE_CONNECTED) {
		served->is_connected = true;
		served->heard_us = event->t_us;
	} else if (event->kind == CAPTURE_DISCONNECTED) {
		served->is_connected = false;
		/* It may have been kept for its link alone. */
		station->list_due_us = event->t_us;
	} else if (event->kind == CAPTURE_RSSI) {
		served->rssi_dbm = event->rssi_dbm;
		served->heard_us = event->t_us;
	}
}

static void note_deadline(struct radio_station *station, const struct intake *intake)
{
	int64_t t_us = intake_deadline(intake);

	if (t_us < station->intakes_due_us)
		station->intakes_due_us = t_us;
}

void radio_station_event(struct radio_station *station, const struct capture_event *received)
{
	struct capture_event event = *received;
	int index = event.address ? conf_find_address(station->conf, event.address) : -1;
	struct served *served;

	note_time(station, event.t_us);
	capture_postpone(&event, station->last_us);
	if (index < 0)
		return;
	served = &station->served[index];
	link_memory_note(&station->links, &event);
	note_link(station, served, &event);
	intake_event(served->intake, &event);
	note_deadline(station, served->intake);
	radio_uplink_push(station->uplink, &event);
}

static void advance_intakes(struct radio_station *station)
{
	station->intakes_due_us = T_NEVER;
	for (size_t i = 0; i < station->conf->n_wearables; i++) {
		struct intake *intake = station->served[i].intake;

		if (station->conf->wearable[i].is_gone)
			continue;
		if (intake_deadline(intake) <= station->last_us)
			intake_advance(intake, station->last_us);
		note_deadline(station, intake);
	}
}

bool radio_station_advance(struct radio_station *station, int64_t now_us, struct conf_change *ret)
{
	note_time(station, now_us);
	if (station->intakes_due_us <= now_us)
		advance_intakes(station);
	if (station->list_due_us > now_us)
		return false;
	apply_list(station, ret);
	return true;
}

int64_t radio_station_deadline(const struct radio_station *station)
{
	return station->list_due_us < station->intakes_due_us ? station->list_due_us
							      : station->intakes_due_us;
}

/* Six parameters: see the header. */
int radio_station_plan(struct radio_station *station, unsigned wearable,
	const struct driver_peer *peer, enum driver_plan plan, unsigned index,
	struct driver_step *ret)
{
	return intake_plan(station->served[wearable].intake, peer, plan, index, ret);
}

const struct driver *radio_station_driver(const struct radio_station *station, unsigned wearable)
{
	return intake_driver(station->served[wearable].intake);
}

void radio_station_problem(
	struct radio_station *station, unsigned wearable, enum wearable_problem problem)
{
	station->served[wearable].problem = problem;
	intake_status_note_link(station->served[wearable].intake, station->last_us, problem);
}

void radio_station_status(const struct radio_station *station, unsigned wearable, int64_t now_us,
	struct wearable_result *ret)
{
	intake_status(station->served[wearable].intake, now_us, ret);
}

bool radio_station_look(
	const struct radio_station *station, unsigned wearable, struct radio_station_seen *ret)
{
	const struct served *served = &station->served[wearable];

	if (wearable >= station->conf->n_wearables || station->conf->wearable[wearable].is_gone)
		return false;
	*ret = (struct radio_station_seen){.address = station->conf->wearable[wearable].address,
		.driver = intake_driver(served->intake),
		.is_connected = served->is_connected,
		.problem = served->problem,
		.rssi_dbm = served->rssi_dbm,
		.heard_us = served->heard_us};
	return true;
}
