// SPDX-License-Identifier: MIT
#include "daemon/wire/capture-line.h"

#include "coxad/base/hex.h"
#include "coxad/wire/command.h"
#include "coxad/wire/wall-text.h"

/* A payload that is not a JSON object, in printable form: it stays invalid, and too large if it was. */
static json_t *refused_json(const char *payload, size_t size)
{
	char copy[COMMAND_PAYLOAD_MAX + 1];

	if (size > sizeof(copy))
		size = sizeof(copy);
	for (size_t i = 0; i < size; i++)
		copy[i] = i == 0 || payload[i] < 0x20 || payload[i] >= 0x7f ? '?' : payload[i];
	return json_stringn(copy, size);
}

/* As an object if it can be a command, so that a replay does what the live run did. Written out, an
 * object may become too long for a command: then as the text that was received. */
static json_t *payload_json(const char *payload, size_t size)
{
	json_t *json = NULL;

	if (size <= COMMAND_PAYLOAD_MAX)
		json = json_loadb(payload ? payload : "", size, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(json) && json_dumpb(json, NULL, 0, JSON_COMPACT) <= COMMAND_PAYLOAD_MAX)
		return json;
	if (json_is_object(json)) {
		json_decref(json);
		return json_stringn(payload, size);
	}
	json_decref(json);
	return refused_json(payload, size);
}

static json_t *hex_json(const uint8_t *value, size_t size)
{
	char hex[2 * CAPTURE_VALUE_MAX + 1];

	hex_encode(value, size, hex);
	return json_stringn(hex, 2 * size);
}

static const char *kind_to_string(enum capture_kind kind)
{
	switch (kind) {
#define KIND_CASE(id, name)                                                                        \
	case CAPTURE_##id:                                                                         \
		return name;
		CAPTURE_KIND_LIST(KIND_CASE)
#undef KIND_CASE
	case CAPTURE_HEADER:
		break;
	}
	return NULL;
}

static void set_wall(json_t *line, int64_t wall_us)
{
	char wall[WALL_TEXT_SIZE];

	wall_text_write(wall_us, wall);
	json_object_set_new(line, "wall", json_string(wall));
}

static void set_members(json_t *line, const struct capture_event *event)
{
	char uuid[UUID_TEXT_SIZE];

	switch (event->kind) {
	case CAPTURE_HEADER:
		set_wall(line, event->wall_us);
		json_object_set_new(line, "gateway", json_string(event->gateway));
		if (event->run)
			json_object_set_new(line, "run", json_string(event->run));
		break;
	case CAPTURE_CONNECTED:
		json_object_set_new(line, "mtu", json_integer(event->mtu));
		if (event->adapter)
			json_object_set_new(line, "adapter", json_string(event->adapter));
		if (event->bond != WEARABLE_BOND_UNKNOWN)
			json_object_set_new(
				line, "bonded", json_boolean(event->bond == WEARABLE_BOND_KEPT));
		break;
	case CAPTURE_READ:
	case CAPTURE_NOTIFY:
		uuid_to_string(&event->characteristic, uuid);
		json_object_set_new(line, "c", json_string(uuid));
		json_object_set_new(line, "v", hex_json(event->value, event->size));
		break;
	case CAPTURE_DISCONNECTED:
		json_object_set_new(line, "why", json_string(event->why ? event->why : ""));
		break;
	case CAPTURE_RSSI:
		json_object_set_new(line, "dbm", json_integer(event->rssi_dbm));
		break;
	case CAPTURE_COMMAND:
		json_object_set_new(line, "topic", json_string(event->topic));
		json_object_set_new(
			line, "payload", payload_json(event->payload, event->payload_size));
		if (event->is_retained)
			json_object_set_new(line, "retained", json_true());
		break;
	case CAPTURE_WALL:
		set_wall(line, event->wall_us);
		break;
	case CAPTURE_CONFIG:
		if (event->config_hash)
			json_object_set_new(line, "config_hash", json_string(event->config_hash));
		json_object_set_new(line, "text", json_stringn(event->text, event->text_size));
		break;
	}
}

static void set_radio(json_t *line, const struct capture_event *event)
{
	if (event->delay_us)
		json_object_set_new(line, "a", json_integer(event->t_us - event->delay_us));
	if (event->unc_us)
		json_object_set_new(line, "u", json_integer(event->unc_us));
	if (event->radio)
		json_object_set_new(line, "r", json_string(event->radio));
}

json_t *capture_line_make(const struct capture_event *event)
{
	json_t *line = json_object();

	if (event->kind == CAPTURE_HEADER)
		json_object_set_new(line, "coxa_capture", json_integer(CAPTURE_LINE_VERSION));
	json_object_set_new(line, "t", json_integer(event->t_us));
	if (event->kind != CAPTURE_HEADER)
		json_object_set_new(line, "e", json_string(kind_to_string(event->kind)));
	if (event->address)
		json_object_set_new(line, "w", json_string(event->address));
	set_members(line, event);
	set_radio(line, event);
	return line;
}
