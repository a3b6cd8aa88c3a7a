// SPDX-License-Identifier: MIT
#include "daemon/wire/topic.h"

#include <errno.h>
#include <stdio.h>

static const struct topic_row rows[TOPIC_COUNT] = {
#define TOPIC_ROW_(id, first, last, qos, retain, expiry_s, class)                                  \
	{first, last, qos, retain, expiry_s, MESSAGE_CLASS_##class},
	TOPIC_LIST(TOPIC_ROW_)
#undef TOPIC_ROW_
};

const struct topic_row *topic_row(enum topic topic)
{
	return &rows[topic];
}

int topic_print(enum topic topic, const char *base, const char *name, char *ret, size_t size)
{
	int n = snprintf(ret, size, "%s%s%s/%s/%s", base ? base : "", base ? "/" : "",
		rows[topic].first, name, rows[topic].last);

	return n < 0 || (size_t)n >= size ? -ENOBUFS : n;
}
