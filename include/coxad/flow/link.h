// SPDX-License-Identifier: MIT
#pragma once
/* One wearable's life on the air, as a state machine: events in, actions out. It decides when to
 * connect, what to subscribe to, read and write (the driver's start plan, step by step), when a
 * stream has died and how to revive it. Each connection has an epoch; what belongs to an earlier
 * one is ignored. Knows nothing of D-Bus and does no I/O; time is on the events. Actions wait in
 * the link until they are taken. Constant cost for each event.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"
#include "coxad/core/terms.h"
#include "coxad/drivers/driver.h"
#include "coxad/flow/link-error.h"
#include "coxad/flow/link-state.h"
#include "coxad/flow/link-timing.h"

/* How notifications arrive: each as a signal on the bus, or through a socket (AcquireNotify). */
enum link_path { LINK_PATH_SIGNAL, LINK_PATH_FD };

enum link_event_kind {
	LINK_EVENT_TICK,
	LINK_EVENT_SEEN,         /* an advert */
	LINK_EVENT_GONE,         /* its object was removed from the bus */
	LINK_EVENT_PERMITTED,    /* a slot is free: connect now */
	LINK_EVENT_CONNECT_DONE, /* epoch, error */
	LINK_EVENT_CONNECTED,
	LINK_EVENT_RESOLVED,        /* services are resolved */
	LINK_EVENT_CHARACTERISTICS, /* some appeared or vanished */
	LINK_EVENT_BONDED,          /* the host has a bond with it */
	LINK_EVENT_UNBONDED,        /* it has none, or no longer */
	LINK_EVENT_STEP_DONE,       /* epoch, ticket, error */
	LINK_EVENT_BYTES,           /* epoch; of a notification: characteristic, data */
	LINK_EVENT_STREAM_CLOSED,   /* epoch, characteristic: its socket ended */
	LINK_EVENT_DISCONNECTED,    /* reason */
	LINK_EVENT_DISCONNECT_DONE, /* epoch; whatever the result */
	LINK_EVENT_PAIR,            /* a person asks for it: at the next connection */
	LINK_EVENT_PAIR_END,        /* no longer */
	LINK_EVENT_BUS_LOST,        /* org.bluez or the bus is gone, and all state with it */
	LINK_EVENT_STOP
};

struct link_event {
	enum link_event_kind kind;
	int64_t t_us;
	unsigned epoch;
	unsigned ticket;
	enum link_error error;
	struct uuid characteristic;
	const uint8_t
		*data; /* of BYTES: a notification; borrowed during the call. NULL: was read */
	size_t size;
	const char *reason; /* borrowed during the call; NULL: "lost" */
};

enum link_action_kind {
	LINK_ACTION_CONNECT,
	LINK_ACTION_PAIR,
	LINK_ACTION_UP,          /* report "connected": what follows belongs to this epoch */
	LINK_ACTION_SUBSCRIBE,   /* to step.characteristic, by signal */
	LINK_ACTION_ACQUIRE,     /* the same, by socket */
	LINK_ACTION_UNSUBSCRIBE, /* no answer needed; closes the socket, if any */
	LINK_ACTION_READ,
	LINK_ACTION_WRITE, /* with or without response: step.kind */
	LINK_ACTION_CHECK, /* ask whether it is still connected */
	LINK_ACTION_DOWN,  /* report "disconnected", reason; drop what belongs to the epoch */
	LINK_ACTION_DISCONNECT,
	LINK_ACTION_FORGET /* remove the device and its cache; never one that has a bond */
};

struct link_action {
	enum link_action_kind kind;
	unsigned epoch;
	unsigned ticket; /* for STEP_DONE; 0: no answer is expected */
	int64_t timeout_us;
	bool is_order; /* a write that gives way to what links need */
	struct driver_step step;
	const char *reason; /* static text, or lives until the next event */
};

/* What this kind of wearable needs. */
struct link_profile {
	bool has_driver; /* false: its driver is not known yet */
	bool needs_bond;
	bool needs_signal_order;
	bool is_periodic;  /* it streams: silence means a fault */
	int64_t poll_us;   /* 0: no poll plan */
	bool polls_beside; /* its data do not depend on the polls */
};

struct link_ops {
	int (*plan)(void *user, enum driver_plan plan, unsigned index, struct driver_step *ret);
	/* The characteristic's properties (Core Vol 3 Part G 3.3.1.1) or -ENOENT. */
	int (*characteristic)(void *user, const struct uuid *uuid);
	void (*profile)(void *user, struct link_profile *ret);
};

struct link_settings {
	enum link_path path; /* to try first */
	bool fd_is_safe; /* a failed AcquireNotify leaves nothing broken behind (BlueZ >= 5.84) */
	bool bond;
	bool must_encrypt; /* take nothing without a bond, which encrypts each connection */
	bool may_pair;
};

struct link;

/* timing is copied. */
struct link *link_new(const struct link_settings *settings, const struct link_timing *timing,
	uint64_t seed, const struct link_ops *ops, void *user);
struct link *link_free(struct link *link);
/* Takes effect with the next connection; must_encrypt at once. */
void link_set(struct link *link, const struct link_settings *settings);

void link_push(struct link *link, const struct link_event *event);
/* Takes the oldest action; false where there is none. */
bool link_take(struct link *link, struct link_action *ret);
/* A write outside the plans. -ENOTCONN: it does not stream. -EAGAIN: too many wait for an answer. */
int link_write(struct link *link, int64_t now_us, const struct driver_step *step);
/* When a TICK is due. */
int64_t link_deadline(const struct link *link);

enum link_state link_state(const struct link *link);
unsigned link_epoch(const struct link *link);
/* True while a connection exists, is being made or ended. */
bool link_holds_slot(const struct link *link);
/* True where notifications of this characteristic should arrive by signal now. */
bool link_expects_signal(const struct link *link, const struct uuid *characteristic);
/* Failed attempts since data last arrived. */
unsigned link_failures(const struct link *link);
/* Of the last failure or disconnection; never NULL. */
const char *link_reason(const struct link *link);
/* What only a person can mend. */
enum wearable_problem link_problem(const struct link *link);
