// SPDX-License-Identifier: MIT
#include "daemon/mqtt/bad-topics.h"

#include "coxad/base/hash.h"

/* One may be bad for its content: from this many on, it is the topic. */
#define MESSAGES_MIN 2

static uint64_t hash_of(const char *topic)
{
	return hash_text(HASH_START, topic) | 1;
}

/* The index, or BAD_TOPICS_MAX. */
static unsigned find(const struct bad_topics *topics, uint64_t hash)
{
	unsigned i = 0;

	while (i < BAD_TOPICS_MAX && topics->topic[i].hash != hash)
		i++;
	return i;
}

void bad_topics_add(struct bad_topics *topics, const char *topic, int64_t until_us)
{
	unsigned i = find(topics, hash_of(topic));

	if (i == BAD_TOPICS_MAX) {
		i = topics->next++ % BAD_TOPICS_MAX;
		topics->topic[i].hash = hash_of(topic);
		topics->topic[i].n = 0;
	}
	topics->topic[i].n++;
	topics->topic[i].until_us = until_us;
}

void bad_topics_clear(struct bad_topics *topics, const char *topic)
{
	unsigned i = find(topics, hash_of(topic));

	if (i < BAD_TOPICS_MAX)
		topics->topic[i].hash = 0;
}

int64_t bad_topics_until_us(const struct bad_topics *topics, const char *topic, int64_t now_us)
{
	unsigned i = find(topics, hash_of(topic));

	if (i == BAD_TOPICS_MAX || topics->topic[i].n < MESSAGES_MIN ||
		topics->topic[i].until_us <= now_us)
		return 0;
	return topics->topic[i].until_us;
}
