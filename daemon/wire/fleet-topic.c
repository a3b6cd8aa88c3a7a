// SPDX-License-Identifier: MIT
#include "coxad/wire/fleet-topic.h"

#include <errno.h>
#include <string.h>

#include "coxad/config/conf-name.h"

const char *const fleet_topic_filters[FLEET_TOPIC_COUNT] = {
#define FLEET_TOPIC_FILTER_(id, first, last) first "/+/" last,
	FLEET_TOPIC_LIST(FLEET_TOPIC_FILTER_)
#undef FLEET_TOPIC_FILTER_
};

/* The name's, where the rest is as in the filter; 0: it is not. */
static size_t match(const char *topic, const char *filter)
{
	size_t before = (size_t)(strchr(filter, '+') - filter);
	const char *rest = filter + before + 1, *name = topic + before;
	size_t size;

	if (strncmp(topic, filter, before) != 0)
		return 0;
	size = strcspn(name, "/");
	return strcmp(name + size, rest) == 0 ? size : 0;
}

int fleet_topic_read(const char *topic, struct fleet_topic *ret)
{
	for (unsigned i = 0; i < FLEET_TOPIC_COUNT; i++) {
		size_t size = match(topic, fleet_topic_filters[i]);

		if (!size || size >= sizeof(ret->name))
			continue;
		ret->kind = (enum fleet_topic_kind)i;
		memcpy(ret->name, strchr(topic, '/') + 1, size);
		ret->name[size] = '\0';
		return conf_name_is_valid(ret->name) ? 0 : -EINVAL;
	}
	return -EINVAL;
}
