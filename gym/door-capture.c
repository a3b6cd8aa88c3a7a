// SPDX-License-Identifier: MIT
#include "gym/door-capture.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "coxad/base/units.h"
#include "gym/door-central.h"
#include "gym/gym-private.h"
#include "gym/gz.h"

int64_t door_capture_base_us(const struct gym *gym)
{
	struct random random = random_of(gym->seed, "gateway");

	return llrint(random_between(&random, 60e6, 100e9));
}

struct writer {
	gzFile file;
	int64_t base_us;
};

static int put(struct writer *w, json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
	int n;

	json_decref(json);
	if (!line)
		return -EINVAL;
	n = gzprintf(w->file, "%s\n", line);
	free(line);
	return n > 0 ? 0 : -EIO;
}

static int put_event(struct writer *w, const struct door_central *c, const struct door_event *event)
{
	static const char *const name[] = {"connected", "read", "notify", "disconnected", "rssi"};
	json_t *json = json_pack("{s:I,s:s,s:s}", "t", (json_int_t)(w->base_us + event->t_us), "e",
		name[event->kind], "w", c->device->config.address);
	char uuid[UUID_TEXT_SIZE], hex[2 * DEVICE_VALUE_MAX + 1] = "";

	switch (event->kind) {
	case DOOR_EVENT_CONNECTED:
		json_object_set_new(json, "mtu", json_integer(event->number));
		break;
	case DOOR_EVENT_READ:
	case DOOR_EVENT_NOTIFY:
		uuid_to_string(&c->device->ops->characteristic[event->characteristic].uuid, uuid);
		hex_encode(event->value, event->size, hex);
		json_object_set_new(json, "c", json_string(uuid));
		json_object_set_new(json, "v", json_string(hex));
		break;
	case DOOR_EVENT_DISCONNECTED:
		json_object_set_new(json, "why", json_string("timeout"));
		break;
	case DOOR_EVENT_RSSI:
		json_object_set_new(json, "dbm", json_integer(event->number));
		break;
	}
	return put(w, json);
}

static int put_command(struct writer *w, const struct gym_command *command)
{
	return put(w, json_pack("{s:I,s:s,s:s,s:o}", "t", (json_int_t)(w->base_us + command->t_us),
			      "e", "command", "topic", command->topic, "payload",
			      json_loads(command->payload, 0, NULL)));
}

/* Puts whatever comes first among all wearables and the commands. Returns 0 at the end. */
static int put_next(struct writer *w, struct gym *gym, struct door_central *central, size_t *at)
{
	struct door_central *first = NULL;
	int64_t first_us = T_NEVER;
	struct gym_command command;
	int r;

	for (size_t i = 0; i < gym->n_devices; i++) {
		const struct door_event *event = door_central_peek(&central[i], gym->end_us);

		if (event && event->t_us < first_us) {
			first_us = event->t_us;
			first = &central[i];
		}
	}
	if (gym_get_command(gym, *at, &command) && command.t_us <= first_us) {
		(*at)++;
		r = put_command(w, &command);
		return r < 0 ? r : 1;
	}
	if (!first)
		return 0;
	r = put_event(w, first, door_central_peek(first, gym->end_us));
	door_central_take(first);
	return r < 0 ? r : 1;
}

int door_capture_write(struct gym *gym, const char *path)
{
	struct writer w = {gz_open(path), door_capture_base_us(gym)};
	_auto_free_ struct door_central *central = alloc_zero(gym->n_devices + 1, sizeof(*central));
	size_t command = 0;
	int r;

	if (!w.file)
		return errno ? -errno : -EIO;
	for (size_t i = 0; i < gym->n_devices; i++)
		door_central_init(&central[i], gym, i);
	r = put(&w, json_pack("{s:i,s:I,s:s,s:s}", "coxa_capture", 1, "t", (json_int_t)w.base_us,
			    "wall", gym->script->wall, "gateway", gym->script->gateway));
	if (r >= 0)
		do
			r = put_next(&w, gym, central, &command);
		while (r > 0);
	for (size_t i = 0; i < gym->n_devices; i++)
		door_central_done(&central[i]);
	if (gzclose(w.file) != Z_OK && r >= 0)
		r = -EIO;
	return r;
}
