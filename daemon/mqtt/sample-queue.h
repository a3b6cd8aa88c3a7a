// SPDX-License-Identifier: MIT
#pragma once
/* Samples that wait for the connection to take them: the newest ones, for an old posture is worth
 * nothing. A plain value, empty when zero; owns copies.
 */
#include <stdbool.h>

#include "daemon/mqtt/paho.h"

/* Six seconds of one athlete's posture, a third of a second of a full gym's. */
#define SAMPLE_QUEUE_MAX 64

struct sample_queue {
	struct paho_publish *sample[SAMPLE_QUEUE_MAX]; /* each one block of memory */
	unsigned first, n;
};

/* Copies. True: it was full, and the oldest was dropped. */
bool sample_queue_push(struct sample_queue *queue, const struct paho_publish *publish);
/* The oldest, returns-owned, to be freed with free(); NULL: none. */
struct paho_publish *sample_queue_take(struct sample_queue *queue);
