// SPDX-License-Identifier: MIT
#pragma once
/* What a brain hears of: radio/<name>/... and brain/<name>/status, below the base. Pure values. */
#include <stddef.h>

#include "coxad/core/result.h"

/* X(enumerator, what precedes the name, what follows it) */
#define FLEET_TOPIC_LIST(X)                                                                        \
	X(BRAIN, "brain", "status")                                                                \
	X(STATUS, "radio", "status")                                                               \
	X(WEARABLES, "radio", "wearables")                                                         \
	X(HEARD, "radio", "heard")                                                                 \
	X(EVENTS, "radio", "events")                                                               \
	X(CLOCK, "radio", "clock")                                                                 \
	X(ANSWER, "radio", "answer")

enum fleet_topic_kind {
#define FLEET_TOPIC_ENUM_(id, first, last) FLEET_TOPIC_##id,
	FLEET_TOPIC_LIST(FLEET_TOPIC_ENUM_)
#undef FLEET_TOPIC_ENUM_
		FLEET_TOPIC_COUNT
};

struct fleet_topic {
	enum fleet_topic_kind kind;
	char name[NAME_SIZE]; /* is valid (conf_name_is_valid) */
};

/* For a subscription to them all. */
extern const char *const fleet_topic_filters[FLEET_TOPIC_COUNT];

/* -EINVAL: it is none of them. */
int fleet_topic_read(const char *topic, struct fleet_topic *ret);
