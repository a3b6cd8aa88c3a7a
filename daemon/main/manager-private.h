// SPDX-License-Identifier: MIT
#pragma once
/* The live run's own state, for manager*.c alone: manager.c wires, starts and ends,
 * manager-memory.c keeps what a restart needs, manager-control.c, manager-record.c, manager-reload.c and
 * manager-status.c do what they are called.
 */
#include <systemd/sd-event.h>

#include "coxad/base/units.h"
#include "coxad/control/control.h"
#include "coxad/flow/gateway.h"
#include "coxad/flow/link-memory.h"
#include "coxad/store/ahead.h"
#include "coxad/store/history-persister.h"
#include "coxad/store/logbook-persister.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/loop.h"
#include "coxad/store/recorder.h"
#include "coxad/mqtt/sink-lines.h"
#include "coxad/mqtt/sink-mqtt.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/loop/wall-watch.h"
#include "daemon/main/bus-retry.h"
#include "daemon/main/gauges.h"
#include "daemon/main/manager.h"
#include "daemon/main/number-mark.h"
#include "daemon/main/pair-on-command.h"
#include "daemon/main/trial-mark.h"

#define MANAGER_RUN_SIZE 16

struct manager_backup;
struct manager_erase;
struct manager_fleet;

struct manager {
	const struct options *options;
	struct conf *conf;
	struct loop *loop;
	struct gateway *gateway;
	struct source_bluez *source; /* NULL: no bus yet */
	struct bus_retry bus;
	struct sink_mqtt *mqtt; /* NULL: messages are printed */
	struct sink_lines *lines;
	struct recorder *recorder;
	struct recorder *asked; /* a recording that somebody asked for; NULL: none */
	bool is_asked_ending;
	uint64_t n_unrecorded;         /* events too long for a recording */
	int asked_error;               /* that ended it; 0: none */
	struct manager_backup *backup; /* NULL: none is made */
	struct manager_erase *erase;
	struct manager_fleet *fleet; /* NULL: the role is not `brain` */
	struct link_memory links;
	struct control *control;
	const struct manager_control_ops *control_ops;
	struct store_thread *store_thread;
	struct ahead *ahead;
	struct history_persister *history;
	struct logbook_persister *logbook;
	sd_event_source *gateway_timer, *recorder_timer;
	struct wall_watch *wall;
	int64_t armed_us;
	int64_t last_us; /* time stamps never decrease */
	int status;
	struct number_mark mark;
	struct trial_mark trials;
	struct pair_on_command pair;
	uint64_t last_seq;     /* that an event got in this run; 0: none yet */
	uint64_t reserved_seq; /* up to here, the history has numbers noted as used */
	bool is_stopping;
	int64_t stopped_us; /* the links are down; 0: not yet */
	bool is_broker_up;
	char leader[NAME_SIZE]; /* another brain, which this one waits for; empty: none */
	bool is_connected[CONF_WEARABLES_MAX];
	char run[MANAGER_RUN_SIZE];
	struct gauges gauges;
	struct journal_limit flood_limit;
};
