// SPDX-License-Identifier: MIT
#pragma once
/* What the files of the manager share: manager.c (wiring, start, end), manager-memory.c (what is
 * remembered over a restart), manager-reload.c, manager-status.c. Nobody else includes it.
 */
#include <systemd/sd-event.h>

#include "coxad/base/units.h"
#include "coxad/flow/gateway.h"
#include "coxad/store/history-store.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/loop.h"
#include "coxad/store/recorder.h"
#include "coxad/mqtt/sink-lines.h"
#include "coxad/mqtt/sink-mqtt.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/loop/wall-watch.h"
#include "daemon/main/gauges.h"
#include "daemon/main/manager.h"

#define MANAGER_RUN_SIZE 16

struct manager {
	const struct options *options;
	struct conf *conf;
	struct loop *loop;
	struct gateway *gateway;
	struct source_bluez *source; /* NULL while there is no bus */
	struct sink_mqtt *mqtt;      /* NULL: lines */
	struct sink_lines *lines;
	struct recorder *recorder;
	struct history_store *history;
	sd_event_source *gateway_timer, *bus_timer, *recorder_timer;
	sd_event_source *history_settle; /* at the end of a turn that remembered something */
	struct wall_watch *wall;
	int64_t armed_us;
	int64_t last_us; /* stamps never fall */
	int status;
	bool is_stopping;
	bool is_broker_up;
	size_t n_connected; /* wearables */
	char run[MANAGER_RUN_SIZE];
	struct gauges gauges;
	struct journal_limit history_limit;
};

/* manager.c: after whatever may have moved the gateway's deadline. */
void manager_arm(struct manager *m);

/* manager-memory.c. Without a directory, or where it fails, coxad runs on and remembers nothing. */
void manager_memory_open(struct manager *m, const char *directory);
/* What was remembered, into the gateway; from here on its memory is kept. */
int manager_memory_start(struct manager *m);
void manager_memory_settle(struct manager *m);
void manager_memory_put(
	struct manager *m, const char *kind, const char *name, const char *text, size_t size);
/* The caller's own, or NULL. */
char *manager_memory_get(struct manager *m, const char *kind, const char *name);

/* manager-reload.c: the configuration is read anew; what cannot be taken is told and left. */
void manager_reload(struct manager *m);

/* manager-status.c: for `systemctl status`. */
void manager_status_tell(const struct manager *m);
void manager_status_count(struct manager *m, enum capture_kind kind);
/* What the watchdog of systemd is fed by. */
void manager_status_watch(struct manager *m);
