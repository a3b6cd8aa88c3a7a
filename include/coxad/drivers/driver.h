// SPDX-License-Identifier: MIT
#pragma once
/* The contract of a driver: one kind of wearable, as a const descriptor without state. A driver
 * turns bytes of one characteristic into records and says, as data, what to read, subscribe and
 * write. It never blocks, logs, allocates or looks at a clock. Instance state (state_size bytes,
 * zeroed, allocated by the intake) is separate, so ten equal sensors work. Decode order:
 * length, type, check, extract, range, emit. Live and replay run the same decode.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/bytes.h"
#include "coxad/base/diag.h"
#include "coxad/base/uuid.h"
#include "coxad/core/record.h"

#define DRIVER_WRITE_MAX 64

/* Where the time in records comes from. */
enum driver_clock {
	DRIVER_CLOCK_DEVICE, /* a free-running counter in each packet */
	DRIVER_CLOCK_COUNT,  /* no counter; the tick is a count of samples at a nominal rate */
	DRIVER_CLOCK_ARRIVAL /* nothing periodic: only the arrival */
};

enum driver_origin {
	DRIVER_ORIGIN_READ,
	DRIVER_ORIGIN_NOTIFY /* notification or indication */
};

/* What is known about the peer when a plan is made. All borrowed. */
struct driver_peer {
	const struct uuid *characteristics; /* present on the peer; NULL: unknown */
	size_t n_characteristics;
	unsigned mtu;        /* 0 unknown */
	double rate_hz;      /* requested motion rate, 0: the driver's default */
	bool wants_acoustic; /* sound in any case: it is a room microphone */
	bool wants_pops;     /* sound if it does not detect pops itself: a pad on the body */
	/* Address of the wearable whose clock the others of its kind in the kit follow, six bytes as
	 * written; NULL if it is the only one. */
	const uint8_t *sync_root;
	/* Manufacturer data of its advertisement as sent (company first); NULL: unknown. */
	const uint8_t *advert;
	size_t n_advert;
};

/* streams: what the wearable has. */
static inline bool driver_wants_sound(const struct driver_peer *peer, uint32_t streams)
{
	return peer->wants_acoustic || (peer->wants_pops && !(streams & STREAM_POP));
}

/* False if the characteristics of the peer are unknown. */
static inline bool driver_peer_has(
	const struct driver_peer *peer, const struct uuid *characteristic)
{
	for (size_t i = 0; i < peer->n_characteristics; i++)
		if (uuid_is_equal(&peer->characteristics[i], characteristic))
			return true;
	return false;
}

enum driver_step_kind {
	DRIVER_STEP_READ,
	DRIVER_STEP_SUBSCRIBE,
	DRIVER_STEP_WRITE,
	DRIVER_STEP_WRITE_COMMAND, /* without response */
	DRIVER_STEP_WAIT
};

struct driver_step {
	enum driver_step_kind kind;
	struct uuid characteristic;
	uint8_t bytes[DRIVER_WRITE_MAX];
	size_t size;
	unsigned wait_ms;
	bool is_optional; /* its failure does not stop the plan */
	bool is_aside;    /* of a poll: the data do not depend on it */
	/* A write that is a request: the wearable answers on the same characteristic with this byte
	 * first and a status after it; 0: no answer. One at a time: the next request waits for the
	 * answer, and one answered by the status `busy` is made again, later. */
	uint8_t answer;
	uint8_t busy;
	unsigned n_follow; /* writes of the same order after this one: all are made, or none */
};

enum driver_plan {
	DRIVER_PLAN_START, /* after each connection, once services are resolved */
	DRIVER_PLAN_POLL,  /* every poll_interval_us while streaming */
	DRIVER_PLAN_STOP   /* before disconnecting */
};

enum driver_order_kind {
	DRIVER_ORDER_IDENTIFY, /* argument: seconds */
	DRIVER_ORDER_HAPTIC    /* argument: 1 flatten the back, 2 reverse, 3 stop */
};
#define DRIVER_ORDERS       (DRIVER_ORDER_HAPTIC + 1)
#define DRIVER_ORDER_WRITES 3

/* What was received of an advertisement, whose sender may be anybody. All borrowed. */
struct driver_sighting {
	const char *name; /* NULL: none */
	const struct uuid *services;
	size_t n_services;
	const uint8_t *maker; /* manufacturer data as in driver_peer.advert; NULL: none */
	size_t n_maker;
};

enum driver_claim {
	DRIVER_CLAIM_NONE,
	DRIVER_CLAIM_LIKELY, /* by a name or a number that others could use too */
	DRIVER_CLAIM_SURE
};

struct driver_input {
	const struct uuid *characteristic;
	enum driver_origin origin;
	const uint8_t *data;
	size_t size;
	int64_t arrival_us;
};

/* The record is borrowed during the call. */
typedef void (*driver_emit_fn)(const struct record *record, void *user);

struct driver_match {
	const struct uuid *services; /* any of these advertised or present */
	size_t n_services;
	const char *name_prefix; /* NULL: do not go by the name */
};

struct driver {
	const char *id;   /* as in the configuration, "coxa" */
	const char *name; /* for people, "Coxa Wearable Profile 1" */
	struct driver_match match;
	uint32_t streams; /* mask of enum stream: what it can give */
	enum driver_clock clock;
	double tick_us;     /* width of a tick, microseconds */
	unsigned tick_bits; /* the counter wraps at 2^tick_bits */
	double quantum_us;  /* the step in which it advances, if more than a tick */
	double max_skew_ppm;
	double nominal_rate_hz;
	bool needs_bond;
	bool tells_boot;     /* its info says which boot its clock belongs to */
	bool counts_packets; /* packets have a sequence number, so losses show */
	/* Several characteristics must stay in their order of arrival: no socket for each. */
	bool needs_signal_order;
	int64_t poll_interval_us; /* 0: no poll plan */
	bool polls_beside;        /* it streams, and polls for something besides (a battery) */
	/* For the table of wearables: a few words each, NULL for nothing. */
	const char *placements;
	const char *limits;

	size_t state_size;
	/* A new link. The state survives a link loss (sequences, boot). NULL: nothing to do. */
	void (*connected)(void *state, unsigned mtu);
	/* True if the characteristic is this driver's: to choose a driver and to keep foreign packets
	 * out. */
	bool (*claims)(const struct uuid *characteristic);
	/* Number of records emitted, or -REASON_x with nothing emitted. */
	int (*decode)(void *state, const struct driver_input *in, driver_emit_fn emit, void *user);
	/* What the manufacturer data (as in driver_peer.advert) reveal, as quantities and texts; returns
	 * as decode does. NULL: nothing. */
	int (*advert)(const uint8_t *data, size_t size, driver_emit_fn emit, void *user);
	/* Step `index` of a plan, given what has been read so far: 1, or 0 past the last step. */
	int (*plan)(const void *state, const struct driver_peer *peer, enum driver_plan plan,
		unsigned index, struct driver_step *ret);
	/* False if there is nothing to remember yet. Both NULL: it keeps no events. */
	bool (*remember)(const void *state, struct wearable_memory *ret);
	/* Into a new state, before anything is decoded. */
	void (*recall)(void *state, const struct wearable_memory *memory);
	/* Write `index` of those that carry out an order, DRIVER_ORDER_WRITES at most: 1, or 0 past the
	 * last; none at all if it cannot. NULL: no orders. */
	int (*order)(const void *state, enum driver_order_kind order, unsigned argument,
		unsigned index, struct driver_step *ret);
	/* How surely an advertisement is one of these wearables. Not asked where a
	 * service of `match` is advertised, which is sure. NULL: the prefix of the name is likely. */
	enum driver_claim (*sighted)(const struct driver_sighting *sighting);
};
