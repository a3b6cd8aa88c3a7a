// SPDX-License-Identifier: MIT
#pragma once
/* One wearable's life on the air, as a state machine: events in, actions out. It decides when to
 * connect, what to subscribe, read and write (by the driver's start plan, step by step), when a
 * stream has died, and how to bring it back. Owns the connection epoch: an answer to a action of an
 * earlier epoch is ignored. Knows nothing of D-Bus, never does I/O; time is on the events. Each
 * state has a timer. Wishes wait in the link until taken. Constant cost a event.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"
#include "coxad/drivers/driver.h"
#include "coxad/flow/link-error.h"
#include "coxad/flow/link-state.h"
#include "coxad/flow/link-timing.h"

/* How notifications come: a signal each on the bus, or a socket of their own. */
enum link_path { LINK_PATH_SIGNAL, LINK_PATH_FD };

enum link_event_kind {
	LINK_EVENT_TICK,
	LINK_EVENT_SEEN,
	LINK_EVENT_GONE,         /* its object left the bus */
	LINK_EVENT_PERMITTED,    /* a slot is free: connect now */
	LINK_EVENT_CONNECT_DONE, /* epoch, error */
	LINK_EVENT_CONNECTED,
	LINK_EVENT_RESOLVED,        /* services are resolved */
	LINK_EVENT_CHARACTERISTICS, /* some came or went */
	LINK_EVENT_BONDED,          /* the host knows a bond with it */
	LINK_EVENT_STEP_DONE,       /* epoch, ticket, error */
	LINK_EVENT_BYTES,           /* epoch */
	LINK_EVENT_STREAM_CLOSED,   /* epoch, characteristic: its socket ended */
	LINK_EVENT_DISCONNECTED,    /* why */
	LINK_EVENT_DISCONNECT_DONE, /* epoch; in whatever way */
	LINK_EVENT_BUS_LOST,        /* org.bluez or the bus went, with all that it knew */
	LINK_EVENT_STOP
};

struct link_event {
	enum link_event_kind kind;
	int64_t t_us;
	unsigned epoch;
	unsigned ticket;
	enum link_error error;
	struct uuid characteristic;
	const char *why; /* borrowed during the call; NULL: "lost" */
};

enum link_action_kind {
	LINK_ACTION_CONNECT,
	LINK_ACTION_PAIR,
	LINK_ACTION_UP,          /* say "connected": what follows belongs to this epoch */
	LINK_ACTION_SUBSCRIBE,   /* step.characteristic, by signal */
	LINK_ACTION_ACQUIRE,     /* step.characteristic, by socket */
	LINK_ACTION_UNSUBSCRIBE, /* needs no answer; closes a socket where there is one */
	LINK_ACTION_READ,
	LINK_ACTION_WRITE, /* step.kind tells with or without response */
	LINK_ACTION_CHECK, /* ask whether it is still connected */
	LINK_ACTION_DOWN,  /* say "disconnected", why; drop all that belongs to the epoch */
	LINK_ACTION_DISCONNECT,
	LINK_ACTION_FORGET /* remove it with its bond and its cache */
};

struct link_action {
	enum link_action_kind kind;
	unsigned epoch;
	unsigned ticket; /* to be given back; 0: nobody waits */
	int64_t timeout_us;
	struct driver_step step;
	const char *why; /* static text, or lives until the next event */
};

/* What the kind of wearable asks of its link. */
struct link_profile {
	bool has_driver; /* false: not known yet */
	bool needs_bond;
	bool needs_signal_order;
	bool is_periodic;  /* silence means that something is wrong */
	int64_t poll_us;   /* 0: no poll plan */
	bool polls_beside; /* polls say nothing of how often data come */
};

struct link_ops {
	int (*plan)(void *user, enum driver_plan plan, unsigned index, struct driver_step *ret);
	/* The characteristic's properties (Core Vol 3 Part G 3.3.1.1) or -ENOENT. */
	int (*characteristic)(void *user, const struct uuid *uuid);
	void (*profile)(void *user, struct link_profile *ret);
};

struct link_settings {
	enum link_path path; /* tried first */
	bool fd_is_safe;     /* a failed acquire leaves nothing broken behind (BlueZ >= 5.84) */
	bool bond;
	bool may_pair;
};

struct link;

/* timing is copied. */
struct link *link_new(const struct link_settings *settings, const struct link_timing *timing,
	uint64_t seed, const struct link_ops *ops, void *user);
struct link *link_free(struct link *link);
/* In force from the next connection on. */
void link_set(struct link *link, const struct link_settings *settings);

void link_push(struct link *link, const struct link_event *event);
/* Takes the oldest action; false where there is none. */
bool link_take(struct link *link, struct link_action *ret);
/* A write outside the plans; -ENOTCONN unless streaming, -EAGAIN where too much waits already. */
int link_write(struct link *link, const struct driver_step *step);
/* When a TICK is due. */
int64_t link_deadline(const struct link *link);

enum link_state link_state(const struct link *link);
unsigned link_epoch(const struct link *link);
/* True while a connection exists, is being made, or is being ended: it takes up a slot. */
bool link_holds_slot(const struct link *link);
/* True where notifications of this characteristic are to come by signal, now. */
bool link_hears(const struct link *link, const struct uuid *characteristic);
/* Failed tries since data last came. */
unsigned link_failures(const struct link *link);
/* Why it last went down or failed; never NULL. */
const char *link_why(const struct link *link);
