// SPDX-License-Identifier: MIT
#pragma once
/* Which radio serves which wearable, as the brain learns it: takes what the radios say, asks
 * fleet_assign, and tells each radio what to do when that changes. A link that works stays where it is,
 * whatever is said meanwhile. A wearable goes to another radio once its link was lost, or its radio was
 * not heard, for RADIO_FLEET_LOST_US. Borrows the configuration. Pure: time is a parameter, and what
 * follows leaves through ops, from radio_fleet_advance alone.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/config/conf-merge.h"
#include "coxad/core/fleet/fleet-assign.h"
#include "coxad/core/health.h"
#include "coxad/wire/capture.h"
#include "coxad/wire/radio-heard.h"
#include "coxad/wire/radio-list.h"
#include "coxad/wire/radio-status.h"

#define RADIO_FLEET_LOST_US  (3 * INT64_C(1000000))
#define RADIO_FLEET_HEARD_US (10 * INT64_C(1000000)) /* so long a wearable counts as heard */
/* Connecting for so long, a radio counts as not hearing the wearable for the time after it, if that helps
 * anybody. */
#define RADIO_FLEET_TRY_US  (30 * INT64_C(1000000))
#define RADIO_FLEET_DEAF_US (60 * INT64_C(1000000))
/* Between two assignments. */
#define RADIO_FLEET_PAUSE_US (INT64_C(1000000) / 10)

struct radio_fleet;

struct radio_fleet_ops {
	/* To be published for the radio, retained, in place of the list before. Both borrow during
	 * the call. */
	void (*list)(void *user, const char *radio, const struct radio_list *list);
	void (*health)(void *user, const struct health_report *report);
};

/* conf is borrowed for life. */
struct radio_fleet *radio_fleet_new(
	const struct conf *conf, const struct radio_fleet_ops *ops, void *user);
struct radio_fleet *radio_fleet_free(struct radio_fleet *fleet);
/* The configuration has changed. */
void radio_fleet_reload(struct radio_fleet *fleet, const struct conf_change *change);

/* What an earlier brain published for a radio: before the start. */
void radio_fleet_recall(
	struct radio_fleet *fleet, const char *radio, const struct radio_list *list);
/* No list leaves before. epoch: of this brain; the same again sends all lists again. */
void radio_fleet_start(struct radio_fleet *fleet, int64_t epoch, int64_t now_us);

/* What came on a radio's topics, whose name is valid (conf_name_is_valid). */
void radio_fleet_status(struct radio_fleet *fleet, const char *radio,
	const struct radio_status *status, bool is_retained, int64_t now_us);
/* Never retained. */
void radio_fleet_heard(struct radio_fleet *fleet, const char *radio,
	const struct radio_heard *heard, int64_t now_us);
/* Anything else from it that is not retained: it is there. */
void radio_fleet_alive(struct radio_fleet *fleet, const char *radio, int64_t now_us);
/* Its retained status was removed: there is no such radio any more. */
void radio_fleet_forget(struct radio_fleet *fleet, const char *radio);
/* An event that was taken from a radio (radio_hub_ops); of another kind than connected and disconnected
 * it is passed over. */
void radio_fleet_event(struct radio_fleet *fleet, const struct capture_event *event);

/* Whether the radio may send events of the wearable: it serves it, or did and may have kept some. */
bool radio_fleet_serves(const struct radio_fleet *fleet, const char *radio, const char *address);
/* Whether it is a radio of the site: it has wearables, or had and may have kept some of their events, or a
 * kit names it. */
bool radio_fleet_knows(const struct radio_fleet *fleet, const char *radio);
/* Where the wearable is, or is to be, connected; NULL: nowhere. Borrowed until the fleet is freed. */
const char *radio_fleet_where(const struct radio_fleet *fleet, unsigned wearable);

int64_t radio_fleet_deadline(const struct radio_fleet *fleet);
void radio_fleet_advance(struct radio_fleet *fleet, int64_t now_us);

/* Messages of radios beyond FLEET_RADIOS_MAX that are there. */
uint64_t radio_fleet_refused(const struct radio_fleet *fleet);
