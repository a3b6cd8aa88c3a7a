// SPDX-License-Identifier: MIT
#pragma once
/* What the reason codes of MQTT 5.0 (2.4) mean for a message. */
#include <stdbool.h>
#include <stdint.h>

enum {
	MQTT_REASON_PROTOCOL_ERROR = 0x82,
	MQTT_REASON_TAKEN_OVER = 0x8e,
	MQTT_REASON_TOPIC_INVALID = 0x90,
	MQTT_REASON_TOO_LARGE = 0x95,
	MQTT_REASON_NO_RETAIN = 0x9a,
	MQTT_REASON_NO_QOS = 0x9b
};

/* Of DISCONNECT: the broker objects to what we sent. */
bool mqtt_reason_is_about_message(int64_t reason);
/* Of PUBACK: no later attempt can succeed. Everything else time or an administrator can mend. */
bool mqtt_reason_is_permanent(int64_t reason);
/* To the journal: somebody connects with our client id. */
void mqtt_reason_report_other_client(int64_t reason, const char *client_id);
