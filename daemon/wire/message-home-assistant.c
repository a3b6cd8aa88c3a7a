// SPDX-License-Identifier: MIT
/* The device-based payload of Home Assistant's MQTT integration (its documentation, "MQTT
 * discovery", 2024.11 and later). The wearable's status is the state, the gateway's status the
 * availability.
 */
#include "coxad/wire/message-home-assistant.h"

#include <errno.h>
#include <stdio.h>

#include "coxad/base/alloc.h"
#include "daemon/wire/message-build.h"
#include "daemon/wire/payload.h"

#define DEVICE_SIZE 200

/* A member of the wearable's status, and how Home Assistant shows it. */
static const struct sensor {
	const char *key, *name;
	const char *class, *unit; /* or NULL */
} sensors[] = {
	{"state", "State", NULL, NULL},
	{"battery_percent", "Battery", "battery", "%"},
	{"rssi_dbm", "Signal strength", "signal_strength", "dBm"},
	{"loss_percent", "Packet loss", NULL, "%"},
};

/* Only letters, digits, _ and - are allowed in an id; other bytes are written in hexadecimal. */
static void device_id(const char *gateway, const char *wearable, char ret[static DEVICE_SIZE])
{
	const char *const parts[] = {"coxad", gateway, wearable};
	size_t at = 0;

	for (unsigned i = 0; i < 3; i++) {
		if (i > 0)
			ret[at++] = '_';
		for (const char *c = parts[i]; *c && at + 3 < DEVICE_SIZE; c++) {
			bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
				     (*c >= '0' && *c <= '9') || *c == '-';

			if (plain)
				ret[at++] = *c;
			else
				at += (size_t)snprintf(ret + at, DEVICE_SIZE - at, "%02x",
					(unsigned)(unsigned char)*c);
		}
	}
	ret[at] = '\0';
}

static void add_sensor(json_t *components, const char *device, const struct sensor *sensor)
{
	json_t *o = json_object();
	char text[DEVICE_SIZE + 40];

	payload_set_text(o, "platform", "sensor");
	payload_set_text(o, "name", sensor->name);
	snprintf(text, sizeof(text), "%s_%s", device, sensor->key);
	payload_set_text(o, "unique_id", text);
	snprintf(text, sizeof(text), "{{ value_json.%s }}", sensor->key);
	payload_set_text(o, "value_template", text);
	if (sensor->class)
		payload_set_text(o, "device_class", sensor->class);
	if (sensor->unit)
		payload_set_text(o, "unit_of_measurement", sensor->unit);
	json_object_set_new(components, sensor->key, o);
}

static void set_topic(json_t *o, const char *key, const struct message_encoder *encoder,
	enum topic topic, const char *name)
{
	char text[MESSAGE_TOPIC_SIZE];

	if (topic_print(topic, encoder->conf->mqtt.base, name, text, sizeof(text)) > 0)
		payload_set_text(o, key, text);
}

static json_t *make_device(const char *id, const char *name)
{
	json_t *o = json_object(), *ids = json_array();

	json_array_append_new(ids, json_string(id));
	json_object_set_new(o, "identifiers", ids);
	payload_set_text(o, "name", name);
	return o;
}

int message_home_assistant_topic(const struct conf *conf, unsigned wearable,
	char ret[static MESSAGE_HOME_ASSISTANT_TOPIC_SIZE])
{
	char id[DEVICE_SIZE];

	device_id(conf->gateway.name, conf->wearable[wearable].name, id);
	return topic_print(TOPIC_HOME_ASSISTANT, NULL, id, ret, MESSAGE_HOME_ASSISTANT_TOPIC_SIZE);
}

int message_home_assistant_encode(
	struct message_encoder *encoder, int64_t now_us, unsigned wearable, struct message *ret)
{
	const struct conf *conf = encoder->conf;
	json_t *o, *origin, *components;
	char id[DEVICE_SIZE];
	const char *name;

	if (wearable >= conf->n_wearables)
		return -EINVAL;
	encoder->now_us = now_us;
	name = conf->wearable[wearable].name;
	device_id(conf->gateway.name, name, id);
	o = json_object();
	json_object_set_new(o, "device", make_device(id, name));
	origin = json_object();
	payload_set_text(origin, "name", "coxad");
	json_object_set_new(o, "origin", origin);
	components = json_object();
	for (size_t i = 0; i < ARRAY_LEN(sensors); i++)
		add_sensor(components, id, &sensors[i]);
	json_object_set_new(o, "components", components);
	set_topic(o, "state_topic", encoder, TOPIC_WEARABLE_STATUS, name);
	set_topic(o, "availability_topic", encoder, TOPIC_GATEWAY_STATUS, conf->gateway.name);
	payload_set_text(o, "availability_template", "{{ value_json.state }}");
	payload_set_integer(o, "qos", 1);
	return message_build_finish(encoder, TOPIC_HOME_ASSISTANT, id, o, ret);
}
