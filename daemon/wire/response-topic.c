// SPDX-License-Identifier: MIT
#include "coxad/wire/response-topic.h"

#include <string.h>

#include "coxad/base/text.h"
#include "daemon/wire/topic.h"

/* Longer than any that a client needs; kept for each answer that waits. */
#define BYTES_MAX 511

/* What follows `above` and a slash; NULL if the topic is not below it. */
static const char *below(const char *topic, const char *above)
{
	size_t length = strlen(above);

	return strncmp(topic, above, length) == 0 && topic[length] == '/' ? topic + length + 1
									  : NULL;
}

static bool has_empty_level(const char *topic)
{
	return topic[0] == '/' || topic[strlen(topic) - 1] == '/' || strstr(topic, "//");
}

static bool is_ours(const char *topic, const char *base)
{
	const char *rest = below(topic, base);

	for (unsigned i = 0; i < TOPIC_COUNT; i++) {
		const char *first = topic_row((enum topic)i)->first;

		if (strcmp(rest, first) == 0 || below(rest, first))
			return true;
	}
	/* Where the base is that of Home Assistant. */
	return below(topic, topic_row(TOPIC_HOME_ASSISTANT)->first) != NULL;
}

bool response_topic_is_allowed(const char *topic, const char *base)
{
	return text_is_topic(topic) && strlen(topic) <= BYTES_MAX && !has_empty_level(topic) &&
	       below(topic, base) && !is_ours(topic, base);
}
