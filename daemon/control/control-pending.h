// SPDX-License-Identifier: MIT
#pragma once
/* Calls that wait for their answer: until it has come, perhaps from the disk (history), and until what it
 * promises is on disk, so that a symptom that was taken is not forgotten if coxad is killed. A disk that
 * does not answer is not waited for. Owns the calls and answers.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#define CONTROL_PENDING_MAX 32

struct control_pending {
	sd_event_source *timer; /* the next that waits too long */
	sd_event_source *turn;  /* after each turn, while an answer waits for the disk */
	bool (*is_safe)(void *user);
	void *user;
	uint64_t last; /* the number of the newest call */
	size_t n;
	struct control_pending_call {
		uint64_t number;
		sd_bus_message *call;
		char *answer; /* NULL: has not come yet */
		int64_t until_us;
	} waiting[CONTROL_PENDING_MAX]; /* oldest first */
};

int control_pending_start(
	struct control_pending *pending, sd_event *loop, bool (*is_safe)(void *user), void *user);
void control_pending_stop(struct control_pending *pending);
/* The connection is gone, and with it who waits. */
void control_pending_clear(struct control_pending *pending);
/* The call's number, by which it is answered; 0: too many wait. */
uint64_t control_pending_add(struct control_pending *pending, sd_bus_message *call);
/* Copies the text. The call, borrowed; NULL: it does not wait any more. */
sd_bus_message *control_pending_answer(
	struct control_pending *pending, uint64_t number, const char *text, size_t size);
