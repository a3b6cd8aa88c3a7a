// SPDX-License-Identifier: MIT
#pragma once
/* A radio's wearables: what the brain wants served becomes the configuration, and every event goes through
 * the wearable's own intake, so that its driver's plans know what they need, and then up. A link that works
 * is dropped only if the brain names another radio that has the wearable, or the gym no longer has it. When another brain, or the same
 * one after a restart, sends its list, it is told of every link again. Pure; time is a parameter.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/conf-merge.h"
#include "coxad/config/conf.h"
#include "coxad/core/result.h"
#include "coxad/drivers/driver.h"
#include "coxad/flow/radio-uplink.h"
#include "coxad/wire/capture.h"
#include "coxad/wire/radio-list.h"

struct radio_station;

struct radio_station_seen {
	const char *address;         /* borrowed until the next list */
	const struct driver *driver; /* NULL: not known yet */
	bool is_connected;
	enum wearable_problem problem; /* what keeps it from connecting */
	int rssi_dbm;                  /* as last heard */
	int64_t heard_us;              /* when; 0: never */
};

/* Both are borrowed for life. conf has no kits or wearables but those that the station puts there, each
 * named by its address. */
struct radio_station *radio_station_new(struct conf *conf, struct radio_uplink *uplink);
struct radio_station *radio_station_free(struct radio_station *station);

/* The brain's list; another epoch is another brain. The wearables of *ret are to be followed; it is to be
 * given to conf_merge_done(). */
void radio_station_serve(struct radio_station *station, int64_t now_us,
	const struct radio_list *list, struct conf_change *ret);
/* The radio's own configuration has changed: as conf_reload_adopt(), of which nothing may be refused. */
void radio_station_reconfigure(
	struct radio_station *station, int64_t now_us, struct conf *fresh, struct conf_change *ret);
/* True: *ret is to be followed, as above. */
bool radio_station_advance(struct radio_station *station, int64_t now_us, struct conf_change *ret);
int64_t radio_station_deadline(const struct radio_station *station);
/* Entries of the last list that make no sense here, or for which there is no place yet. */
size_t radio_station_refused(const struct radio_station *station);

/* Of the source; see source-bluez.h. */
void radio_station_event(struct radio_station *station, const struct capture_event *event);
/* Six parameters: those of driver.plan, and whose. */
int radio_station_plan(struct radio_station *station, unsigned wearable,
	const struct driver_peer *peer, enum driver_plan plan, unsigned index,
	struct driver_step *ret);
const struct driver *radio_station_driver(const struct radio_station *station, unsigned wearable);
void radio_station_problem(
	struct radio_station *station, unsigned wearable, enum wearable_problem problem);

/* As on a single gateway; the strings are borrowed until the next call. */
void radio_station_status(const struct radio_station *station, unsigned wearable, int64_t now_us,
	struct wearable_result *ret);
/* The brain's last one; empty: none yet. Borrowed until the next. */
const struct radio_list *radio_station_list(const struct radio_station *station);
/* By index in conf; false: there is none. */
bool radio_station_look(
	const struct radio_station *station, unsigned wearable, struct radio_station_seen *ret);
