// SPDX-License-Identifier: MIT
#pragma once
/* The newest payload of each retained topic, so that a broker that came back with nothing gets the
 * state of the room again. Owns copies; one entry a topic, as many as kits, wearables and athletes.
 */
#include <stdbool.h>

#include "coxad/wire/message.h"

/* More topics than any gym has: beyond it the oldest entry goes. */
#define RETAINED_MAX 2048

struct retained;

struct retained *retained_new(void);
struct retained *retained_free(struct retained *retained);
/* Passes over messages that are not retained; an empty payload removes the topic. True where the
 * topic is a new one. */
bool retained_put(struct retained *retained, const struct message *message);
void retained_each(const struct retained *retained,
	void (*visit)(void *user, const struct message *message), void *user);
