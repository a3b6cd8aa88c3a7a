// SPDX-License-Identifier: MIT
#include "daemon/store/topic-set.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

bool topic_set_has(const struct topic_set *set, const char *topic)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->topic[i], topic))
			return true;
	return false;
}

void topic_set_add(struct topic_set *set, const char *topic)
{
	if (topic_set_has(set, topic))
		return;
	set->topic = alloc_grow(set->topic, set->n, &set->capacity, sizeof(*set->topic));
	set->topic[set->n++] = alloc_text(topic);
}

void topic_set_clear(struct topic_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->topic[i]);
	free(set->topic);
	*set = (struct topic_set){0};
}
