// SPDX-License-Identifier: MIT
#pragma once
/* What the reason codes of MQTT 5.0 (2.4) mean for a message, and in plain words. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MQTT_REASON_MALFORMED = 0x81,
	MQTT_REASON_PROTOCOL_ERROR = 0x82,
	MQTT_REASON_NOT_AUTHORIZED = 0x87,
	MQTT_REASON_TAKEN_OVER = 0x8e,
	MQTT_REASON_TOPIC_INVALID = 0x90,
	MQTT_REASON_TOO_LARGE = 0x95,
	MQTT_REASON_NO_RETAIN = 0x9a,
	MQTT_REASON_NO_QOS = 0x9b
};

/* Enough for the words, a quoted text of the broker and what to do. */
#define MQTT_REASON_TEXT_SIZE 320

/* Of DISCONNECT: the broker objects to what we sent. */
bool mqtt_reason_is_about_message(int64_t reason);
/* Of PUBACK: no later attempt can succeed. Everything else time or an administrator can mend. */
bool mqtt_reason_is_permanent(int64_t reason);
/* Of CONNACK: user name, password, client-id or certificate are not accepted. */
bool mqtt_reason_is_about_login(int64_t reason);
/* The reason in words, with its number; 0: none was given. said: the broker's reason string, or
 * NULL; it is quoted and cut, and its words that look like a topic, which may name an athlete, are
 * left out. Returns ret. */
const char *mqtt_reason_print(int64_t reason, const char *said, char *ret, size_t size);
/* What to do about it, or "". */
const char *mqtt_reason_advice(int64_t reason);
