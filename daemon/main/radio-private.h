// SPDX-License-Identifier: MIT
#pragma once
/* A radio's own state, for radio*.c alone: radio.c wires, starts and ends, radio-serve.c follows what the brain
 * wants served, radio-obey.c carries out its orders, radio-keep.c keeps symptoms on disk, radio-control.c
 * answers over D-Bus, radio-report.c tells how the radio is.
 */
#include <systemd/sd-event.h>

#include "coxad/bluez/source-bluez.h"
#include "coxad/control/control.h"
#include "coxad/core/health.h"
#include "coxad/core/time/wall-clock.h"
#include "coxad/flow/radio-station.h"
#include "coxad/flow/radio-uplink.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/loop.h"
#include "coxad/mqtt/fleet-mqtt.h"
#include "coxad/store/history-persister.h"
#include "coxad/store/store-thread.h"
#include "coxad/wire/radio-status.h"
#include "daemon/main/bus-retry.h"
#include "daemon/main/pair-on-command.h"
#include "daemon/main/radio.h"

#define RADIO_ROW_NAME_SIZE 40

/* A batch on disk. */
struct radio_row {
	unsigned run; /* counts the starts that kept any */
	int64_t boot, number;
};

struct radio {
	const struct options *options;
	struct conf *conf;
	struct loop *loop;
	struct store_thread *store_thread;
	struct history_persister *memory;
	struct radio_uplink *uplink;
	struct radio_station *station;
	struct source_bluez *source; /* NULL: no bus yet */
	struct bus_retry bus;
	struct fleet_mqtt *fleet;
	sd_event_source *timer;
	int64_t armed_us;
	int64_t boot; /* of this run */
	unsigned run;
	struct radio_row *rows;
	size_t n_rows, rows_capacity;
	struct {
		struct radio_status told;
		int64_t told_us, next_us;
	} report;
	struct control *control;
	struct pair_on_command pair;
	int (*reload)(struct radio *radio,
		void (*each)(void *user, const char *name, const char *why), void *user);
	struct wall_clock clock; /* of what control tells */
	int64_t started_us;
	struct health health; /* of its adapters and BlueZ */
	bool has_list;
	bool is_up; /* the broker connection */
	struct journal_limit odd_limit;
};
