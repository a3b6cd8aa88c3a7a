// SPDX-License-Identifier: MIT
#pragma once
/* The topics on which several messages in a row ended a connection: what is on them is not sent for
 * a while, so that each message of a bad topic does not cost connections of its own. A plain value,
 * empty when zero.
 */
#include <stdbool.h>
#include <stdint.h>

/* When full, the topic that was noted first is forgotten. */
#define BAD_TOPICS_MAX 32

struct bad_topics {
	struct {
		uint64_t hash; /* 0: free */
		unsigned n;    /* messages, in a row */
		int64_t until_us;
	} topic[BAD_TOPICS_MAX];
	unsigned next;
};

/* A message of this topic ended a connection so often that it is set aside. */
void bad_topics_add(struct bad_topics *topics, const char *topic, int64_t until_us);
/* One was acknowledged. */
void bad_topics_clear(struct bad_topics *topics, const char *topic);
/* Until when it is not to be tried; 0: it may be tried. */
int64_t bad_topics_until_us(const struct bad_topics *topics, const char *topic, int64_t now_us);
