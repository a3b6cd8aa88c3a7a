// SPDX-License-Identifier: MIT
#pragma once
/* The topics of the message contract, below the base. A row for each kind of message: where it goes
 * and how it is delivered. Pure.
 */
#include <stdbool.h>
#include <stddef.h>

#include "coxad/wire/message.h"

/* X(id, first level, last level, QoS, retained, expiry in seconds, class) */
#define TOPIC_LIST(X)                                                                              \
	X(GATEWAY_STATUS, "gateway", "status", 1, true, 0, STATE)                                  \
	X(GATEWAY_HEALTH, "gateway", "health", 1, true, 0, STATE)                                  \
	X(GATEWAY_INVENTORY, "gateway", "inventory", 1, true, 0, STATE)                            \
	X(GATEWAY_RADIOS, "gateway", "radios", 1, true, 0, STATE)                                  \
	X(GATEWAY_STATS, "gateway", "stats", 0, false, 0, SAMPLE)                                  \
	X(WEARABLE_STATUS, "wearable", "status", 1, true, 0, STATE)                                \
	X(WEARABLE_LIVE, "wearable", "live", 0, false, 0, SAMPLE)                                  \
	X(SESSION, "kit", "session", 1, true, 0, STATE)                                            \
	X(CALIBRATION, "kit", "calibration", 1, true, 0, STATE)                                    \
	X(POSTURE, "athlete", "posture", 0, false, 0, SAMPLE)                                      \
	X(REP, "athlete", "rep", 1, false, 0, REP)                                                 \
	X(POP, "athlete", "pop", 1, false, 0, POP)                                                 \
	X(CUE, "athlete", "cue", 1, false, 5, CUE)                                                 \
	X(ALERT, "athlete", "alert", 1, false, 0, ALERT)                                           \
	X(ALERTS, "athlete", "alerts", 1, true, 0, STATE)                                          \
	X(SUMMARY, "athlete", "summary", 1, true, 0, STATE)                                        \
	X(COMMAND_RESULT, "command", "result", 1, false, 0, SAMPLE)                                \
	X(HOME_ASSISTANT, "homeassistant/device", "config", 1, true, 0, STATE)

enum topic {
#define TOPIC_ENUM_(id, first, last, qos, retain, expiry_s, class) TOPIC_##id,
	TOPIC_LIST(TOPIC_ENUM_)
#undef TOPIC_ENUM_
		TOPIC_COUNT
};

struct topic_row {
	const char *first, *last;
	unsigned qos;
	bool retain;
	unsigned expiry_s;
	enum message_class class;
};

const struct topic_row *topic_row(enum topic topic);
/* base/first/name/last; base NULL: without it. The length, or -ENOBUFS. */
int topic_print(enum topic topic, const char *base, const char *name, char *ret, size_t size);
