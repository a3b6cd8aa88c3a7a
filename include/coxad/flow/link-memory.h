// SPDX-License-Identifier: MIT
#pragma once
/* What a recording that begins in the middle has to know of the connections that are there: that they
 * are, and what was read of each wearable. Owns copies.
 */
#include "coxad/base/address.h"
#include "coxad/config/conf.h"
#include "coxad/wire/capture.h"

/* Readings of one connection; no driver asks for more. */
#define LINK_MEMORY_READS 16

struct link_memory {
	size_t n;
	struct link_memory_one {
		char address[ADDRESS_SIZE];
		char adapter[ADDRESS_SHORT_SIZE]; /* empty: unknown */
		unsigned mtu;
		size_t n_reads;
		struct link_memory_read {
			struct uuid characteristic;
			uint8_t *value;
			size_t size;
		} read[LINK_MEMORY_READS];
	} link[CONF_WEARABLES_MAX];
};

void link_memory_done(struct link_memory *memory);
/* Every event of the source. */
void link_memory_note(struct link_memory *memory, const struct capture_event *event);
/* The same as events of t_us. */
void link_memory_each(const struct link_memory *memory, int64_t t_us,
	void (*put)(void *user, const struct capture_event *event), void *user);
