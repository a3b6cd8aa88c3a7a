// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sink-beside.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "coxad/config/conf-name.h"
#include "daemon/mqtt/sink-mqtt-private.h"

static bool is_online(const struct paho_arrival *arrival)
{
	json_t *status =
		arrival->size ? json_loadb(arrival->payload, arrival->size, 0, NULL) : NULL;
	const char *state = json_string_value(json_object_get(status, "state"));
	bool is_so = state && strcmp(state, "online") == 0;

	json_decref(status);
	return is_so;
}

static void tell(struct sink_mqtt *sink, const char *name, bool is_there)
{
	char text[HEALTH_TEXT_SIZE];

	snprintf(text, sizeof(text),
		"The gateway %s works for the same site, so each command has two answers, and "
		"neither hears the whole hall. In its coxad.conf, or in this one, set role = radio or "
		"another site in [gateway].",
		name);
	if (sink->ops.health)
		sink->ops.health(sink->user, &(struct health_report){.code = HEALTH_SITE_SHARED,
						     .subject = name,
						     .text = is_there ? text : NULL});
}

/* One is told of at a time: that is enough to act on, and hostile names cannot fill the list. */
static void note(struct sink_mqtt *sink, const char *name, bool is_there)
{
	if (is_there == (strcmp(sink->beside, name) == 0) || (is_there && sink->beside[0]))
		return;
	tell(sink, name, is_there);
	snprintf(sink->beside, sizeof(sink->beside), "%s", is_there ? name : "");
}

bool sink_beside_take(struct sink_mqtt *sink, const struct paho_arrival *arrival)
{
	static const char before[] = "gateway/", after[] = "/status";
	const char *rest = arrival->topic + strlen(sink->base) + 1;
	char name[NAME_SIZE];
	size_t length;

	if (strncmp(rest, before, sizeof(before) - 1) != 0)
		return false;
	rest += sizeof(before) - 1;
	length = strcspn(rest, "/");
	if (strcmp(rest + length, after) != 0 || length >= sizeof(name))
		return true;
	memcpy(name, rest, length);
	name[length] = '\0';
	/* MQTT 3.1.1 brings our own too. */
	if (conf_name_is_valid(name) &&
		(!sink->will.topic || strcmp(arrival->topic, sink->will.topic) != 0))
		note(sink, name, is_online(arrival));
	return true;
}
