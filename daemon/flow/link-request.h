// SPDX-License-Identifier: MIT
#pragma once
/* Requests to a wearable's control point, and orders of any kind: one at a time, each until its answer
 * has come, or until it is written where none comes; bluetoothd refuses a second write to the same
 * characteristic meanwhile, and an order that was refused so is written again. Requests are of a plan,
 * which waits; or orders; or of a plan that went on after the answer "busy". Whatever is answered "busy"
 * is made again, ever more slowly, until the connection ends.
 */
#include "daemon/flow/link-private.h"

/* How the plan's request under way has ended, if it has. */
struct link_request_end {
	bool is_over;
	enum link_error error;
};

/* True where a notification answers the request under way. */
bool link_request_is_answer(const struct link *link, const struct link_event *event);

/* link->step is a request. False: it needs no wait, being in the queue already. */
bool link_request_plan(struct link *link, int64_t now_us);
/* -EAGAIN: too many wait, or would with those that follow. */
int link_request_order(struct link *link, int64_t now_us, const struct driver_step *step);
/* The write was answered. */
struct link_request_end link_request_written(
	struct link *link, int64_t now_us, enum link_error error);
/* A notification that is its answer. */
struct link_request_end link_request_bytes(struct link *link, const struct link_event *event);
struct link_request_end link_request_advance(struct link *link, int64_t now_us);
/* The plan no longer waits. */
void link_request_abandon(struct link *link);
void link_request_reset(struct link *link);
int64_t link_request_deadline(const struct link *link);
