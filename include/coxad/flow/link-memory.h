// SPDX-License-Identifier: MIT
#pragma once
/* What a recording that begins in the middle has to know of the connections that are there: that they
 * are, and what was read of each wearable. Owns copies.
 */
#include <stdbool.h>

#include "coxad/config/conf.h"
#include "coxad/wire/capture.h"

struct link_memory_one;

struct link_memory {
	size_t n;
	struct link_memory_one *link[CONF_WEARABLES_MAX];
};

void link_memory_done(struct link_memory *memory);
/* Every event of the source. What a radio says of its link does not end a later one through another. */
void link_memory_note(struct link_memory *memory, const struct capture_event *event);
bool link_memory_has(const struct link_memory *memory, const char *address);
/* Through whichever radio. */
void link_memory_forget(struct link_memory *memory, const char *address);
/* The same as events of t_us. */
void link_memory_each(const struct link_memory *memory, int64_t t_us,
	void (*put)(void *user, const struct capture_event *event), void *user);
