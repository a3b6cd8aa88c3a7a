// SPDX-License-Identifier: MIT
#pragma once
/* What link.c (the states) and link-steps.c (the plans' steps) share. Nobody else includes it. */
#include "coxad/base/backoff.h"
#include "coxad/flow/link.h"

#define LINK_ACTIONS_MAX 32
#define LINK_STREAMS_MAX 16

struct link_stream {
	struct uuid characteristic;
	enum link_path path;
	bool is_closed; /* its socket ended; to be opened again */
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
	const char *why;
	int64_t heard_us; /* T_NEVER: not heard since it was last gone */

	/* What the other side says, whatever our state. */
	bool is_connected, is_resolved, is_bonded;
	bool is_up; /* UP was said, DOWN not yet */
	bool is_stopping, has_disconnected;
	int64_t connected_us;

	/* Ends with the attempt. */
	struct link_profile profile;
	enum driver_plan plan;
	unsigned index;   /* of the step in the plan */
	unsigned ticket;  /* of the action whose answer is awaited, 0: none */
	unsigned tickets; /* given out */
	int64_t step_us;  /* when the step's answer is overdue, T_NEVER: none runs */
	struct driver_step step;
	enum link_path path;
	bool tried_other, is_running, is_pairing;
	struct link_stream stream[LINK_STREAMS_MAX];
	size_t n_streams;
	bool has_polls;           /* its poll plan is not empty */
	int64_t poll_us;          /* when the next poll is due */
	int64_t check_us;         /* when the link is asked whether it is there */
	int64_t bytes_us, gap_us; /* last bytes; smoothed distance; 0: none yet */
	int64_t acquired_us;
	unsigned rung;

	/* Over attempts. Reset by data, or by the loss of the bus. */
	unsigned failures, unresolved, unprepared, mute, quick_drops, refused;
	bool distrusts_fd, forget_next;
	struct uuid poisoned[LINK_STREAMS_MAX];
	size_t n_poisoned;
	int64_t wait_us; /* of the backoff that follows a disconnect */

	struct link_action action[LINK_ACTIONS_MAX];
	size_t action_first, n_actions;
};

/* In link.c. */
void link_action(struct link *link, const struct link_action *action);

/* Connections, in link-connect.c. */
void link_enter(struct link *link, enum link_state state, int64_t deadline_us);
/* Nothing is under way: what it does next depends on whether it was heard. */
void link_rest(struct link *link, int64_t now_us);
void link_end_epoch(struct link *link, const char *why);
void link_back_off(struct link *link, int64_t now_us);
void link_forget_if_due(struct link *link);
void link_drain(struct link *link, int64_t now_us);
/* Ends the attempt: DOWN where it was up, DISCONNECT where there may be a link, then backs off. */
void link_drop(struct link *link, int64_t now_us, int64_t wait_us, const char *why);
void link_quarantine(struct link *link, int64_t now_us, const char *why);
/* The link is gone, by itself or as asked. */
void link_lost(struct link *link, int64_t now_us, const char *why);
void link_prepare_if_possible(struct link *link, int64_t now_us);
void link_connected(struct link *link, int64_t now_us);
void link_connect_done(struct link *link, int64_t now_us, enum link_error error);

/* Streams, in link-stream.c. */
void link_stream_started(struct link *link, int64_t now_us);
void link_stream_bytes(struct link *link, int64_t now_us);
void link_stream_closed(struct link *link, int64_t now_us, const struct uuid *uuid);
/* The next rung against silence. */
void link_stream_climb(struct link *link, int64_t now_us);
void link_stream_poll(struct link *link, int64_t now_us);
/* Asks whether it is connected; the answer, where it is yes, is a event like any other. */
void link_ask(struct link *link);

/* Steps, in link-steps.c. */
void link_steps_start(struct link *link, int64_t now_us, enum driver_plan plan);
void link_steps_next(struct link *link, int64_t now_us);
void link_steps_done(struct link *link, int64_t now_us, enum link_error error);
void link_steps_cancel(struct link *link);
/* Subscribes again what is closed (all: whatever is subscribed). */
void link_steps_resubscribe(struct link *link, int64_t now_us, bool all);
/* True where each characteristic that the start plan must have is there. */
bool link_steps_are_possible(struct link *link);
