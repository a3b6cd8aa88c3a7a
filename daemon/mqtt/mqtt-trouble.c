// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-trouble.h"

#include <stdio.h>

#include "daemon/mqtt/mqtt-private.h"

/* A handshake that fails looks to Paho like a connection that breaks. */
static bool is_tls(const struct mqtt *mqtt, char *ret_text)
{
	return mqtt->report.trouble == MQTT_TROUBLE_UNREACHABLE && mqtt->settings.probe &&
	       tls_probe_found(mqtt->settings.probe, ret_text, MQTT_TROUBLE_TEXT_SIZE);
}

enum mqtt_trouble mqtt_trouble_get(
	const struct mqtt *mqtt, char ret_text[static MQTT_TROUBLE_TEXT_SIZE])
{
	if (mqtt->state == MQTT_STATE_UP || mqtt->report.trouble == MQTT_TROUBLE_NONE)
		return MQTT_TROUBLE_NONE;
	if (is_tls(mqtt, ret_text))
		return MQTT_TROUBLE_TLS;
	snprintf(ret_text, MQTT_TROUBLE_TEXT_SIZE, "%s", mqtt->report.trouble_text);
	return mqtt->report.trouble;
}
