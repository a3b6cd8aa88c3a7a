// SPDX-License-Identifier: MIT
#pragma once
/* The link's own state, for link*.c alone: link.c takes events and decides, link-end.c ends
 * connections, link-steps.c runs a driver's plans, link-stream.c watches what is subscribed,
 * link-request.c talks to the control point, link-bond.c doubts the bond, link-action.c queues. Only
 * the first two change the state.
 */
#include "coxad/base/backoff.h"
#include "coxad/flow/link.h"

#define LINK_ACTIONS_MAX  32
#define LINK_STREAMS_MAX  16
#define LINK_ORDERS_MAX   4
#define LINK_REQUESTS_MAX 12 /* the orders, and one for each opcode of a plan */
#define LINK_UNREAD_MAX   4

struct link_stream {
	struct uuid characteristic;
	enum link_path path;
	bool is_closed; /* its socket ended: to be opened again */
};

enum link_request_kind {
	LINK_REQUEST_PLAN,
	LINK_REQUEST_LEFT_BEHIND, /* its plan went on */
	LINK_REQUEST_ORDER,
	LINK_REQUEST_ABANDONED
};

struct link_request {
	enum link_request_kind kind;
	struct driver_step step;
	unsigned tries; /* answered "busy" */
	int64_t due_us;
};

struct link_requests {
	struct link_request waiting[LINK_REQUESTS_MAX];
	size_t n;
	struct link_request current;
	int64_t until_us; /* when current's answer is overdue; T_NEVER: none is under way */
	unsigned ticket;  /* of its write, 0: written */
	bool is_written, is_answered;
	uint8_t status;
};

struct link {
	struct link_settings settings;
	struct link_timing timing;
	const struct link_ops *ops;
	void *user;
	struct backoff backoff;

	enum link_state state;
	int64_t deadline_us; /* of the state */
	unsigned epoch;
	const char *reason;
	int64_t seen_us; /* T_NEVER: no advert since it was last gone */

	/* As the other side reports it, whatever our state. */
	bool is_connected, is_resolved, is_bonded;
	bool is_up; /* between UP and DOWN */
	bool is_stopping;
	int64_t connected_us;

	/* Of the present attempt. */
	struct link_profile profile;
	enum driver_plan plan;
	unsigned index;   /* of the step in the plan */
	unsigned ticket;  /* of the action whose answer is awaited, 0: none */
	unsigned tickets; /* the last one given out */
	int64_t step_us;  /* when the step's answer is overdue; T_NEVER: no step runs */
	struct driver_step step;
	enum link_path path;
	bool tried_other, is_running, is_pairing;
	bool is_started; /* what follows in the start plan holds nothing up */
	struct link_requests requests;
	struct link_stream stream[LINK_STREAMS_MAX];
	size_t n_streams;
	bool has_polls;           /* its data are what polls ask for */
	int64_t poll_us;          /* when the next poll is due */
	int64_t check_us;         /* when to ask whether it is still connected */
	int64_t bytes_us, gap_us; /* last bytes; smoothed gap; 0: none yet */
	int64_t acquired_us;
	unsigned rung;

	/* Across attempts, until data arrive or the bus is lost. */
	unsigned failures, unresolved, unprepared, mute, refused;
	unsigned doubt, unanswered; /* of the bond, see link-bond.h */
	unsigned attempt_doubt;     /* what the present attempt to connect added to it */
	bool is_asked_to_pair;      /* by a person, until it was tried */
	bool asked_for_bond;        /* it refused a step without encryption */
	enum wearable_problem problem;
	bool distrusts_fd, forget_next;
	struct uuid poisoned[LINK_STREAMS_MAX];
	size_t n_poisoned;
	struct uuid unread[LINK_UNREAD_MAX]; /* reads that were never answered */
	size_t n_unread;
	int64_t wait_us; /* of the backoff that follows a disconnect */

	struct link_action action[LINK_ACTIONS_MAX];
	size_t action_first, n_actions;
};

/* deadline_us: when a TICK must look at the new state; T_NEVER: never. */
static inline void link_enter(struct link *link, enum link_state state, int64_t deadline_us)
{
	link->state = state;
	link->deadline_us = deadline_us;
}
