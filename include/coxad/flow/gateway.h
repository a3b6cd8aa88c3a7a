// SPDX-License-Identifier: MIT
#pragma once
/* The one way through. Everything that coxad receives enters here as a capture event, live or
 * replayed, and everything that it publishes leaves through ops, so that a recording of the events
 * replays to the same lines. Owns an intake for each wearable, the pipeline, the message encoder
 * and the wall clock. Pure: time is on the events and in gateway_advance, which the live loop calls
 * at gateway_deadline and replay between events.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/conf.h"
#include "coxad/drivers/driver.h"
#include "coxad/wire/capture.h"
#include "coxad/wire/history-kind.h"
#include "coxad/wire/logbook.h"
#include "coxad/wire/message.h"

struct gateway;

struct gateway_ops {
	/* Borrowed during the call. */
	void (*message)(void *user, const struct message *message);
	/* A write to be sent to a wearable now (identify, haptic). -ENOTCONN; -EAGAIN: too many are
	 * unanswered. Live only; may be NULL. */
	int (*write)(void *user, unsigned wearable, const struct driver_step *step);
	/* Text to store under (kind, name); size 0: forget it. NULL: nothing is remembered. */
	void (*remember)(void *user, enum history_kind kind, const char *name, const char *text,
		size_t size);
	/* The text that `remember` stored last, returned-owned, or NULL: for athletes who are not
	 * held in memory. NULL: those are forgotten. */
	char *(*recall)(void *user, enum history_kind kind, const char *name);
	/* An entry for the logbook; its number is given there. NULL: none is kept. */
	void (*enter)(void *user, const struct logbook_entry *entry);
	/* A question to the logbook: gateway_history_answer with its number, once, at any time.
	 * -EBUSY: not now. */
	int (*ask)(void *user, uint64_t question, const struct logbook_query *query);
	/* Gauges of the process for the stats (CPU, memory, outbox); returns how many. NULL: none,
	 * as in replay, which must be reproducible. */
	size_t (*gauges)(void *user, struct stat_entry *entries, size_t capacity);
	/* Addresses of the adapters in use, for the gateway's status. NULL: none. */
	size_t (*adapters)(void *user, const char **addresses, size_t capacity);
	/* Something was left out of a source that floods, as in health; may be very often. NULL:
	 * not told. */
	void (*flooded)(void *user, const char *subject, const char *text);
};

struct gateway_settings {
	struct conf *conf;           /* borrowed for life; gateway-reconfigure.h alone changes it */
	const char *run;             /* NULL: the header event's, or made from it */
	uint64_t first_seq;          /* 1 for a fresh outbox */
	int64_t boot;                /* in which host time counts, 0: unknown */
	const struct tracer *tracer; /* borrowed for life, NULL: off */
	bool has_health;             /* live: what is wrong is published */
	/* Stale topics stay remembered, as "0", until the user forgets them: it learns when the broker has
	 * removed them. */
	bool is_removal_told;
};

struct gateway *gateway_new(
	const struct gateway_settings *settings, const struct gateway_ops *ops, void *user);
struct gateway *gateway_free(struct gateway *gateway);
/* What gateway_ops.remember stored in an earlier run; before the first event. Unreadable text is
 * counted and skipped. */
void gateway_restore(struct gateway *gateway, enum history_kind kind, const char *name,
	const char *text, size_t size);

/* The same at any later time, as of the last gateway_advance, for what could not be read before. */
void gateway_restore_late(struct gateway *gateway, enum history_kind kind, const char *name,
	const char *text, size_t size);

/* The first event must be the header. reply_to: of a command; its reply is a message that carries
 * it. NULL: none. */
void gateway_event(struct gateway *gateway, const struct capture_event *event,
	const struct reply_to *reply_to);
/* There are no more events, though time may run on: what the wearables do from here on is unknown,
 * and their silence does not count against a verdict. */
void gateway_input_ended(struct gateway *gateway);
int64_t gateway_deadline(const struct gateway *gateway);
void gateway_advance(struct gateway *gateway, int64_t now_us);
/* True while something waits for time to pass. */
bool gateway_is_pending(const struct gateway *gateway);
/* Publishes summaries and `offline`. keep_sessions: sessions continue at the next start. */
void gateway_finish(struct gateway *gateway, int64_t now_us, bool keep_sessions);

/* For the live side, see intake.h. Six parameters: those of driver.plan, and whose. */
int gateway_plan(struct gateway *gateway, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret);
const struct driver *gateway_driver(const struct gateway *gateway, unsigned wearable);
/* The newest of each retained topic. */
void gateway_each_state(const struct gateway *gateway,
	void (*visit)(void *user, const struct message *message), void *user);
/* Publishes the retained states again, for a broker that may have lost them. */
void gateway_republish(struct gateway *gateway);
/* What keeps a wearable from connecting, as its link found. */
void gateway_problem(
	struct gateway *gateway, int64_t now_us, unsigned wearable, enum wearable_problem problem);
/* The adapters in use changed: the status is published again. */
void gateway_adapters_changed(struct gateway *gateway, int64_t now_us);
