// SPDX-License-Identifier: MIT
#pragma once
/* A link and its other side, on a clock that the test moves. Timers run by themselves: before an
 * event comes every TICK that was due until then. The plan is a read, a subscription, a wait and a
 * write.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/units.h"
#include "coxad/flow/link.h"

#define LINK_WORLD_CHAR(n) UUID_SIG(0xff00 + (n))

struct link_world {
	struct link *link;
	struct link_timing timing;
	int64_t t_us;
	unsigned actions[LINK_ACTION_FORGET + 1];
	struct link_action last; /* the one that waits for an answer */
	char trace[4096];
	bool is_up, has_motion, has_driver, needs_signal_order, needs_bond;
	unsigned ups, downs;
	int64_t poll_us;
	bool polls_beside, has_nothing_to_ask;
	const struct driver_step *start; /* another start plan */
	size_t n_start;
	const struct driver_step *ask; /* another poll */
};

static const struct link_settings by_signal = {0};
static const struct link_settings by_fd = {.path = LINK_PATH_FD, .fd_is_safe = true};
static const struct link_settings by_fd_old = {.path = LINK_PATH_FD};

void link_world_begin(struct link_world *w, struct link_settings settings);
void link_world_end(struct link_world *w);
/* Lets time pass, with the ticks that the link asked for. */
void link_world_until(struct link_world *w, int64_t t_us);
void link_world_after(struct link_world *w, int64_t us);
void link_world_event(struct link_world *w, enum link_event_kind kind);
/* Answers the last action that waits for it. */
void link_world_answer(struct link_world *w, enum link_error error);
/* Its control point, LINK_WORLD_CHAR(1), indicates an answer. */
void link_world_says(struct link_world *w, uint8_t opcode, uint8_t status);
/* Closes the socket of the subscribed characteristic. */
void link_world_closed(struct link_world *w);
/* Takes the actions; all of the above do it too. */
void link_world_take(struct link_world *w);
void link_world_bytes_for(struct link_world *w, int64_t us, int64_t step_us);
/* From absent to the connect; to the plan; through the plan; 5 s of data. */
void link_world_see_and_permit(struct link_world *w);
void link_world_see_and_connect(struct link_world *w);
void link_world_prepare(struct link_world *w);
void link_world_stream(struct link_world *w);
/* Asserts it. */
void link_world_is_in(const struct link_world *w, enum link_state state);
