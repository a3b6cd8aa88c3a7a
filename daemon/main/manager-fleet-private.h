// SPDX-License-Identifier: MIT
#pragma once
/* The brain's own state, for manager-fleet*.c alone: manager-fleet.c begins, ends, and does what is due,
 * manager-fleet-arrived.c takes what arrives, manager-fleet-gauges.c counts, manager-fleet-show.c says
 * how the radios are.
 */
#include "coxad/core/fleet/brain-lead.h"
#include "coxad/flow/link-wait.h"
#include "coxad/flow/radio-fleet.h"
#include "coxad/flow/radio-hub.h"
#include "coxad/mqtt/fleet-mqtt.h"
#include "coxad/wire/fleet-topic.h"
#include "daemon/main/manager-fleet.h"
#include "daemon/main/fleet-done.h"

/* How often it is looked whether what was taken is on disk, if no commit says so. */
#define MANAGER_FLEET_SETTLE_US (US_PER_S / 4)

struct manager_fleet {
	struct manager *manager;
	const struct manager_fleet_ops *ops;
	struct fleet_mqtt *mqtt;
	struct radio_hub *hub;
	struct link_wait *wait;
	struct fleet_done done;
	struct radio_fleet *radios;
	struct brain_lead lead;
	bool has_disk;
	bool is_note_owed; /* the disk could not have it */
	bool was_leading, has_led;
	bool has_untold_lists; /* one could not be sent */
	int64_t since_wall_us;
	sd_event_source *timer;
	int64_t tell_us, show_us, settle_us;
	int64_t n_orders;
	uint64_t refused, orders_failed;
	enum wearable_problem problem[CONF_WEARABLES_MAX];
	/* Of the message that is read now, or of a list that is sent. */
	union {
		struct radio_heard heard;
		struct radio_list list;
		char list_text[RADIO_LIST_MAX];
	} scratch;
};
