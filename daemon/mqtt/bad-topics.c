// SPDX-License-Identifier: MIT
#include "daemon/mqtt/bad-topics.h"

#include "coxad/base/hash.h"

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

/* Five parameters and the state: the two waits are the caller's settings. */
void bad_topics_failed(struct bad_topics *topics, const char *topic, int64_t now_us,
	int64_t wait_us, int64_t wait_max_us)
{
	unsigned i = find(topics, hash_of(topic));

	if (i == BAD_TOPICS_MAX) {
		i = topics->next++ % BAD_TOPICS_MAX;
		topics->topic[i].hash = hash_of(topic);
		topics->topic[i].failures = 0;
	}
	for (unsigned k = 1; k < topics->topic[i].failures && wait_us < wait_max_us; k++)
		wait_us *= 2;
	if (wait_us > wait_max_us)
		wait_us = wait_max_us;
	topics->topic[i].next_us = topics->topic[i].failures ? now_us + wait_us : now_us;
	topics->topic[i].failures++;
}

bool bad_topics_clear(struct bad_topics *topics, const char *topic)
{
	unsigned i = find(topics, hash_of(topic));

	if (i == BAD_TOPICS_MAX)
		return false;
	topics->topic[i].hash = 0;
	return true;
}

bool bad_topics_find(const struct bad_topics *topics, const char *topic, int64_t *ret_us)
{
	unsigned i = find(topics, hash_of(topic));

	if (i == BAD_TOPICS_MAX)
		return false;
	*ret_us = topics->topic[i].next_us;
	return true;
}
