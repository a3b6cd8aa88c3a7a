// SPDX-License-Identifier: MIT
#pragma once
/* What is wrong with delivery, told to the owner of the sink: worked out from the state of its
 * parts, so that what is solved is told too.
 */
#include <stdbool.h>
#include <stdint.h>

struct sink_mqtt;

/* What was counted when it was told last, and the newest reasons. */
struct sink_health {
	uint64_t dropped, commands, samples, takeovers;
	int held_reason, aside_reason;
	bool is_due; /* a check has been asked for */
};

/* Something changed: it is checked within a second. */
void sink_health_changed(struct sink_mqtt *sink);
/* Tells what there is to tell. */
void sink_health_check(struct sink_mqtt *sink);
