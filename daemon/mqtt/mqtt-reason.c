// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-reason.h"

#include "coxad/loop/journal.h"

bool mqtt_reason_is_about_message(int64_t reason)
{
	switch (reason) {
	case 0x81: /* malformed packet */
	case MQTT_REASON_PROTOCOL_ERROR:
	case MQTT_REASON_TOPIC_INVALID:
	case 0x93: /* receive maximum exceeded */
	case 0x94: /* topic alias invalid */
	case MQTT_REASON_TOO_LARGE:
	case 0x99: /* payload format invalid */
	case MQTT_REASON_NO_RETAIN:
	case MQTT_REASON_NO_QOS:
		return true;
	default:
		return false;
	}
}

bool mqtt_reason_is_permanent(int64_t reason)
{
	return reason == 0x81 || reason == MQTT_REASON_PROTOCOL_ERROR ||
	       reason == MQTT_REASON_TOPIC_INVALID || reason == MQTT_REASON_TOO_LARGE ||
	       reason == 0x99 /* payload format invalid */;
}

void mqtt_reason_report_other_client(int64_t reason, const char *client_id)
{
	journal_write(LOG_ERR, "config",
		reason ? "another client took over the client-id \"%s\"; give each client its own"
		       : "disconnected repeatedly: is another client using the client-id \"%s\"? Give each its own",
		client_id);
}
