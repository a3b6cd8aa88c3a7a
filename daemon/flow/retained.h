// SPDX-License-Identifier: MIT
#pragma once
/* The newest payload of each retained topic, for a broker that comes back empty. Owns copies; there
 * are as many as kits, wearables and athletes need.
 */
#include <stdbool.h>

#include "coxad/wire/message.h"

/* More topics than any gym has; beyond it the oldest entry is dropped. */
#define RETAINED_MAX 4096

struct retained;

struct retained *retained_new(void);
struct retained *retained_free(struct retained *retained);
/* Ignores messages that are not retained; an empty payload removes the topic. True: the topic is
 * new. */
bool retained_put(struct retained *retained, const struct message *message);
void retained_each(const struct retained *retained,
	void (*visit)(void *user, const struct message *message), void *user);
