// SPDX-License-Identifier: MIT
#pragma once
/* The topics on which messages in a row ended a connection. One message may be bad by its content,
 * and the next one good: so each new message of such a topic is tried, once and alone, but the more
 * of them failed, the longer it waits, so that a topic that the broker does not bear costs few
 * connections. A plain value, empty when zero.
 */
#include <stdbool.h>
#include <stdint.h>

/* When full, the topic that was noted first is forgotten. */
#define BAD_TOPICS_MAX 32

struct bad_topics {
	struct {
		uint64_t hash;     /* 0: free */
		unsigned failures; /* messages, in a row */
		int64_t next_us;
	} topic[BAD_TOPICS_MAX];
	unsigned next;
};

/* A further message of this topic ended connections. The next but one waits for wait_us, each after
 * it twice as long, up to wait_max_us. */
void bad_topics_failed(struct bad_topics *topics, const char *topic, int64_t now_us,
	int64_t wait_us, int64_t wait_max_us);
/* One was acknowledged. True if the topic was bad. */
bool bad_topics_clear(struct bad_topics *topics, const char *topic);
/* Whether it is bad; *ret_us: when the next message may be tried. */
bool bad_topics_find(const struct bad_topics *topics, const char *topic, int64_t *ret_us);
