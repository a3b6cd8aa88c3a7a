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
	DRIVER_CLOCK_ARRIVAL /* nothing periodic: the arrival is all there is */
};

enum driver_origin {
	DRIVER_ORIGIN_READ,
	DRIVER_ORIGIN_NOTIFY /* notification or indication */
};

/* What the live side knows of the peer when a plan is made. All borrowed. */
struct driver_peer {
	const struct uuid *characteristics; /* present on the peer; NULL: not known */
	size_t n_characteristics;
	unsigned mtu;        /* 0 unknown */
	double rate_hz;      /* wished motion rate, 0: the driver's default */
	bool wants_acoustic; /* its sound in any case: it stands in the room */
	bool wants_pops;     /* its sound where it finds no pops itself: a pad on the body */
	/* Address of the wearable whose clock those of its kind in a kit are to follow, six octets
	 * as written; NULL where it is the only one. */
	const uint8_t *sync_root;
	/* Manufacturer data of its advertisement as on the air (company first); NULL: not known. */
	const uint8_t *advert;
	size_t n_advert;
};

/* streams: what the wearable has. */
static inline bool driver_wants_sound(const struct driver_peer *peer, uint32_t streams)
{
	return peer->wants_acoustic || (peer->wants_pops && !(streams & STREAM_POP));
}

/* False where it is not known what the peer has. */
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
	bool is_optional; /* its failure does not end the plan */
};

enum driver_plan {
	DRIVER_PLAN_START, /* after services are resolved, at each connection */
	DRIVER_PLAN_POLL,  /* each poll_interval_us while streaming */
	DRIVER_PLAN_STOP   /* before a wanted disconnect */
};

enum driver_order_kind {
	DRIVER_ORDER_IDENTIFY, /* argument: seconds */
	DRIVER_ORDER_HAPTIC    /* argument: 1 flatten the back, 2 reverse, 3 stop */
};

struct driver_input {
	const struct uuid *characteristic;
	enum driver_origin origin;
	const uint8_t *data;
	size_t size;
	int64_t arrival_us;
};

/* record is borrowed during the call. */
typedef void (*driver_emit_fn)(const struct record *record, void *user);

struct driver_match {
	const struct uuid *services; /* any of them advertised or present */
	size_t n_services;
	const char *name_prefix; /* NULL: name says nothing */
};

struct driver {
	const char *id;   /* as in the configuration, "coxa" */
	const char *name; /* for people, "Coxa Wearable Profile 1" */
	struct driver_match match;
	uint32_t streams; /* mask of enum stream: what this kind can give */
	enum driver_clock clock;
	double tick_us;     /* width of a tick, microseconds */
	unsigned tick_bits; /* the counter wraps at 2^tick_bits */
	double quantum_us;  /* the step in which it advances, where that is more than a tick */
	double max_skew_ppm;
	double nominal_rate_hz;
	bool needs_bond;
	bool tells_boot;     /* its info says which boot its clock is of */
	bool counts_packets; /* packets bear a sequence number, so losses are seen */
	/* Needs several characteristics in their order of arrival: never one socket each. */
	bool needs_signal_order;
	int64_t poll_interval_us; /* 0: no poll plan */
	bool polls_beside;        /* it streams; what is polled comes beside (a battery) */
	/* For the table of wearables: one short sentence each, NULL where nothing is to be said. */
	const char *placements;
	const char *limits;

	size_t state_size;
	/* A new link (state stays over a link loss: sequences, boot). NULL: nothing to do. */
	void (*connected)(void *state, unsigned mtu);
	/* True where this driver owns the characteristic: for the choice of a driver, and to keep
	 * foreign packets out. */
	bool (*claims)(const struct uuid *characteristic);
	/* Number of records emitted, or -REASON_x with nothing emitted. */
	int (*decode)(void *state, const struct driver_input *in, driver_emit_fn emit, void *user);
	/* What manufacturer data (as driver_peer.advert) tell of the wearable, as quantities and
	 * texts; result as of decode. NULL: nothing. */
	int (*advert)(const uint8_t *data, size_t size, driver_emit_fn emit, void *user);
	/* Step `index` of a plan, given what has been read up to now: 1 a step, 0 the plan's end.
	 */
	int (*plan)(const void *state, const struct driver_peer *peer, enum driver_plan plan,
		unsigned index, struct driver_step *ret);
	/* False where there is nothing to remember yet. NULL, both: the kind keeps no events. */
	bool (*remember)(const void *state, struct wearable_memory *ret);
	/* Into a fresh state, before anything was decoded. */
	void (*recall)(void *state, const struct wearable_memory *memory);
	/* The write that carries out an order: 1, or 0 where the kind cannot. NULL: none. */
	int (*order)(const void *state, enum driver_order_kind order, unsigned argument,
		struct driver_step *ret);
};
