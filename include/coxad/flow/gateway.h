// SPDX-License-Identifier: MIT
#pragma once
/* The one way through. Everything that coxad hears enters here as a capture event, live or
 * replayed, and everything that it says leaves through ops, so a recording of the events replays
 * to the same lines. Owns one intake a wearable, the pipeline, the message encoder, the wall clock.
 * Pure: time is on the events and in gateway_advance; the live loop calls that at
 * gateway_deadline, replay calls it between events.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/conf.h"
#include "coxad/drivers/driver.h"
#include "coxad/wire/capture.h"
#include "coxad/wire/history-kind.h"
#include "coxad/wire/message.h"

struct gateway;

struct gateway_ops {
	/* Borrowed during the call. */
	void (*message)(void *user, const struct message *message);
	/* A write that a wearable should get now (identify, haptic). Live only; may be NULL. */
	void (*write)(void *user, unsigned wearable, const struct driver_step *step);
	/* Text to remember under (kind, name), size 0: forget. NULL: nothing is remembered. */
	void (*remember)(void *user, enum history_kind kind, const char *name, const char *text,
		size_t size);
	/* Text that `remember` gave last under it, returned-owned, or NULL. For athletes beyond
	 * those that are held in memory. NULL: what is not held is forgotten. */
	char *(*recall)(void *user, enum history_kind kind, const char *name);
	/* Gauges of the process for the stats (CPU, memory, outbox). Appends, returns how many. NULL:
	 * none, as in replay, where the same input must give the same bytes. */
	size_t (*gauges)(void *user, struct stat_entry *entries, size_t room);
	/* Addresses of the adapters in use, for the gateway's status. NULL: none. */
	size_t (*adapters)(void *user, const char **addresses, size_t room);
};

struct gateway_settings {
	const struct conf *conf;     /* borrowed for life */
	const char *run;             /* NULL: from the header event, or made from it */
	uint64_t first_seq;          /* 1 for a fresh outbox */
	const struct tracer *tracer; /* borrowed for life, NULL: off */
};

struct gateway *gateway_new(
	const struct gateway_settings *settings, const struct gateway_ops *ops, void *user);
struct gateway *gateway_free(struct gateway *gateway);
/* What gateway_ops.remember gave in an earlier run; before the first event. Text that cannot be
 * read is counted and passed over. */
void gateway_restore(struct gateway *gateway, enum history_kind kind, const char *name,
	const char *text, size_t size);

/* The first event is the header. reply_to: of a command, NULL: none; its reply, a message like
 * others, carries it on. */
void gateway_event(struct gateway *gateway, const struct capture_event *event,
	const struct reply_to *reply_to);
/* No event comes any more, though time may run on: what wearables do from here on is not known, and
 * their silence says nothing against a verdict. */
void gateway_input_ended(struct gateway *gateway);
int64_t gateway_deadline(const struct gateway *gateway);
void gateway_advance(struct gateway *gateway, int64_t now_us);
/* True while something still waits for time to pass. */
bool gateway_is_pending(const struct gateway *gateway);
/* Summaries and `offline`. keep_sessions: a clean stop, the sessions go on at the next start. */
void gateway_finish(struct gateway *gateway, int64_t now_us, bool keep_sessions);

/* For the live side, see intake.h. Six parameters: those of driver.plan, and whose. */
int gateway_plan(struct gateway *gateway, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret);
const struct driver *gateway_driver(const struct gateway *gateway, unsigned wearable);
/* The retained states again: after a broker came back with nothing. */
void gateway_republish(struct gateway *gateway);
/* Thresholds or rates were changed in place in the configuration. */
void gateway_reconfigured(struct gateway *gateway, int64_t now_us);
/* The adapters in use changed: the status is published again. */
void gateway_adapters_changed(struct gateway *gateway, int64_t now_us);
