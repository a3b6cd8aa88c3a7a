// SPDX-License-Identifier: MIT
#pragma once
/* What keeps coxad from the broker now, for gateway/<name>/health and whoever asks without a broker. */
#include "daemon/mqtt/mqtt-reason.h"

struct mqtt;

#define MQTT_TROUBLE_TEXT_SIZE MQTT_REASON_TEXT_SIZE

/* Why there is no connection. */
enum mqtt_trouble {
	MQTT_TROUBLE_NONE,
	MQTT_TROUBLE_HOST,        /* its name is not known */
	MQTT_TROUBLE_UNREACHABLE, /* nobody answers, or the connection breaks */
	MQTT_TROUBLE_TLS,
	MQTT_TROUBLE_LOGIN,   /* user name, password or certificate are not accepted */
	MQTT_TROUBLE_REFUSED, /* by the broker, for another reason */
	MQTT_TROUBLE_FILES    /* a password or certificate cannot be read */
};

/* ret_text: what is wrong and, where known, what to do; untouched where there is no trouble. */
enum mqtt_trouble mqtt_trouble_get(
	const struct mqtt *mqtt, char ret_text[static MQTT_TROUBLE_TEXT_SIZE]);
