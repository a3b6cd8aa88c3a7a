// SPDX-License-Identifier: MIT
/* Discovery for Home Assistant: one device a wearable, with its slow values, as the device-based
 * payload of its MQTT integration (documentation of Home Assistant, "MQTT discovery", 2024.11 and
 * later). The wearable's status is the state; the gateway's is the availability.
 */
#include <errno.h>
#include <stdio.h>

#include "daemon/wire/message-build.h"

#define DEVICE_SIZE 200

/* X(key in the status, name, device class or NULL, unit or NULL) */
#define VALUES(X)                                                                                  \
	X("state", "State", NULL, NULL)                                                            \
	X("battery_percent", "Battery", "battery", "%")                                            \
	X("rssi_dbm", "Signal", "signal_strength", "dBm")                                          \
	X("loss_percent", "Loss", NULL, "%")

/* Letters, digits, _ and - alone may stand in an id; others become their hexadecimal. */
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

static void add_value(json_t *components, const char *device, const char *key, const char *name,
	const char *class, const char *unit)
{
	json_t *o = json_object();
	char text[DEVICE_SIZE + 40];

	message_set_text(o, "platform", "sensor");
	message_set_text(o, "name", name);
	snprintf(text, sizeof(text), "%s_%s", device, key);
	message_set_text(o, "unique_id", text);
	snprintf(text, sizeof(text), "{{ value_json.%s }}", key);
	message_set_text(o, "value_template", text);
	if (class)
		message_set_text(o, "device_class", class);
	if (unit)
		message_set_text(o, "unit_of_measurement", unit);
	json_object_set_new(components, key, o);
}

static void set_topic(json_t *o, const char *key, const struct message_encoder *encoder,
	enum topic topic, const char *name)
{
	char text[MESSAGE_TOPIC_SIZE];

	if (topic_print(topic, encoder->conf->mqtt.base, name, text, sizeof(text)) > 0)
		message_set_text(o, key, text);
}

static json_t *make_device(const char *id, const char *name)
{
	json_t *o = json_object(), *ids = json_array();

	json_array_append_new(ids, json_string(id));
	json_object_set_new(o, "identifiers", ids);
	message_set_text(o, "name", name);
	return o;
}

int message_encode_home_assistant(
	struct message_encoder *encoder, int64_t now_us, unsigned wearable, struct message *ret)
{
	const struct conf *conf = encoder->conf;
	json_t *o, *origin, *components;
	char id[DEVICE_SIZE];
	const char *name;

	if (wearable >= conf->n_wearables)
		return -EINVAL;
	name = conf->wearable[wearable].name;
	device_id(conf->gateway.name, name, id);
	o = json_object();
	json_object_set_new(o, "device", make_device(id, name));
	origin = json_object();
	message_set_text(origin, "name", "coxad");
	json_object_set_new(o, "origin", origin);
	components = json_object();
#define VALUE_ADD(key, title, class, unit) add_value(components, id, key, title, class, unit);
	VALUES(VALUE_ADD)
#undef VALUE_ADD
	json_object_set_new(o, "components", components);
	set_topic(o, "state_topic", encoder, TOPIC_WEARABLE_STATUS, name);
	set_topic(o, "availability_topic", encoder, TOPIC_GATEWAY_STATUS, conf->gateway.name);
	message_set_text(o, "availability_template", "{{ value_json.state }}");
	message_set_integer(o, "qos", 1);
	return message_finish(encoder, now_us, TOPIC_HOME_ASSISTANT, id, o, ret);
}
