// SPDX-License-Identifier: MIT
#pragma once
/* Answers that wait until what they promise is on disk: a symptom that was taken is not forgotten
 * if coxad is killed. A disk that does not answer is not waited for. Owns the calls and answers.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#define CONTROL_PENDING_MAX 32

struct control_pending {
	sd_event_source *timer;
	bool (*is_safe)(void *user);
	void *user;
	size_t n;
	struct {
		sd_bus_message *call;
		char *answer;
		int64_t until_us;
	} waiting[CONTROL_PENDING_MAX]; /* oldest first */
};

int control_pending_start(
	struct control_pending *pending, sd_event *loop, bool (*is_safe)(void *user), void *user);
void control_pending_stop(struct control_pending *pending);
/* The connection is gone, and with it who waits. */
void control_pending_clear(struct control_pending *pending);
/* Soon, or later. Takes the answer. 1: the call is taken care of, as sd-bus wants it. */
int control_pending_answer(struct control_pending *pending, sd_bus_message *call, char *answer);
