// SPDX-License-Identifier: MIT
#pragma once
/* The gateway's own state, for gateway*.c alone: gateway.c takes events, gateway-deliver.c is the
 * way out, gateway-memory.c and gateway-retained.c look after what outlives a restart,
 * gateway-stats.c adds up, gateway-status.c and gateway-wearable.c publish how the gateway and its
 * wearables are, gateway-reconfigure.c takes another configuration.
 */
#include "coxad/core/health.h"
#include "coxad/core/time/wall-clock.h"
#include "coxad/flow/gateway.h"
#include "coxad/flow/gateway-history.h"
#include "coxad/flow/intake.h"
#include "coxad/flow/pipeline.h"
#include "daemon/flow/command-rate.h"
#include "daemon/flow/live-view.h"
#include "daemon/flow/retained.h"

#define RUN_SIZE 24

struct gateway_wearable {
	struct gateway *gateway;
	unsigned index;
	struct intake *intake;
	bool is_dirty; /* its status has changed since it was published */
	int64_t next_status_us;
	struct wearable_memory remembered; /* at remembered_us */
	int64_t remembered_us;
	uint64_t inventory_sum;
	struct live_view live;
	int64_t remember_us; /* when to compare again; 0: now */
};

struct restored {
	enum history_kind kind;
	char *name, *text;
	size_t size;
	struct restored *next;
};

struct gateway_inventory {
	bool is_dirty;   /* may differ from what was published */
	int64_t next_us; /* not before */
	uint64_t sum;    /* of what was published; 0: nothing */
};

struct gateway_watch {
	int64_t until_us[CONF_KITS_MAX];
	int64_t last_us; /* the latest of them */
	int64_t next_us; /* when live values are published; 0: never were */
};

/* To the logbook, not answered yet. */
struct gateway_question {
	uint64_t number; /* 0: a free place */
	char athlete[NAME_SIZE];
	char request[REQUEST_SIZE];
	bool has_reply_to;
	struct reply_to reply_to; /* owns what it points to */
};

struct gateway_counts {
	uint64_t packets_unknown; /* of wearables that are not configured */
	uint64_t samples, pops, symptoms, commands, commands_refused, messages, events, postures,
		restore_failures, commands_over_rate;
	uint64_t left_out; /* of wearables that flood, when last told */
};

struct gateway {
	struct conf *conf; /* const but for gateway-reconfigure.c */
	const struct tracer *tracer;
	const struct gateway_ops *ops;
	void *user;
	uint64_t first_seq;
	char run[RUN_SIZE]; /* empty: not known yet */
	int64_t now_us, started_us, next_stats_us;
	/* A lower bound for all wearables, so that not every one is asked at each event. */
	int64_t wearables_due_us;
	struct wall_clock clock;
	struct message_encoder *encoder; /* NULL before the header */
	struct pipeline *pipeline;
	struct retained *retained;
	struct restored *restored; /* waiting for the header */
	bool has_restored;         /* what comes now is late */
	bool is_removal_told;
	struct health health;
	bool has_health, is_health_dirty;
	int64_t next_health_us;
	struct gateway_inventory inventory;
	struct gateway_watch watch;
	struct gateway_question question[GATEWAY_HISTORY_MAX];
	uint64_t last_question;
	struct gateway_counts count;
	struct command_rate command_rate;
	struct gateway_wearable wearable[CONF_WEARABLES_MAX];
};
