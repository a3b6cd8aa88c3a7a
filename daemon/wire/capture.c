// SPDX-License-Identifier: MIT
#include "coxad/wire/capture.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "coxad/base/text.h"
#include "coxad/config/conf-name.h"
#include "coxad/wire/wall-text.h"
#include "daemon/wire/capture-line.h"

#define VERSION_MAX 2
/* No gateway is silent for that long; a replay would have to live through a damaged digit. */
#define LEAP_MAX_US (31 * 24 * INT64_C(3600000000))

struct capture_decoder {
	json_t *line; /* owns the strings of the last event */
	char *payload;
	bool has_header;
	bool has_lines_only;
	int64_t t_us;
	char address[ADDRESS_SIZE];
	uint8_t value[CAPTURE_VALUE_MAX];
	char error[160];
};

struct capture_decoder *capture_decoder_new(void)
{
	return new0(struct capture_decoder);
}

struct capture_decoder *capture_decoder_free(struct capture_decoder *decoder)
{
	if (decoder) {
		json_decref(decoder->line);
		free(decoder->payload);
		free(decoder);
	}
	return NULL;
}

void capture_decoder_expect_lines(struct capture_decoder *decoder)
{
	decoder->has_header = decoder->has_lines_only = true;
}

static int fail(struct capture_decoder *decoder, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(struct capture_decoder *decoder, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(decoder->error, sizeof(decoder->error), format, args);
	va_end(args);
	return -EINVAL;
}

static int integer(
	struct capture_decoder *decoder, const char *key, int64_t min, int64_t max, int64_t *ret)
{
	const json_t *value = json_object_get(decoder->line, key);

	if (!json_is_integer(value))
		return fail(decoder, "'%s' must be a whole number", key);
	if (json_integer_value(value) < min || json_integer_value(value) > max)
		return fail(decoder, "'%s' is out of range", key);
	*ret = json_integer_value(value);
	return 0;
}

/* NULL and an error if it is missing or not a string. */
static const char *text(struct capture_decoder *decoder, const char *key)
{
	const char *value = json_string_value(json_object_get(decoder->line, key));

	if (!value)
		fail(decoder, "'%s' must be a string", key);
	return value;
}

static int take_value(struct capture_decoder *decoder, struct capture_event *event)
{
	const char *hex = text(decoder, "v");
	size_t length = hex ? strlen(hex) : 0;

	if (!hex)
		return -EINVAL;
	if (length % 2 || length / 2 > CAPTURE_VALUE_MAX)
		return fail(decoder, "'v' must be whole bytes, at most %u", CAPTURE_VALUE_MAX);
	if (hex_decode(hex, length, decoder->value, CAPTURE_VALUE_MAX) < 0)
		return fail(decoder, "'v' must be hexadecimal");
	event->value = decoder->value;
	event->size = length / 2;
	return 0;
}

static int take_characteristic(struct capture_decoder *decoder, struct capture_event *event)
{
	const char *uuid = text(decoder, "c");

	if (!uuid)
		return -EINVAL;
	if (uuid_from_string(uuid, &event->characteristic) < 0)
		return fail(decoder, "'c' must be a UUID");
	return take_value(decoder, event);
}

static int take_address(struct capture_decoder *decoder, struct capture_event *event)
{
	const char *address = text(decoder, "w");

	if (!address)
		return -EINVAL;
	if (address_from_string(address, decoder->address) < 0)
		return fail(decoder, "'w' must be an address like C0:A5:00:00:00:01");
	event->address = decoder->address;
	return 0;
}

static int take_wall(struct capture_decoder *decoder, struct capture_event *event)
{
	const char *wall = text(decoder, "wall");

	if (!wall)
		return -EINVAL;
	if (wall_text_read(wall, &event->wall_us) < 0)
		return fail(decoder, "'wall' must be a UTC time like 2026-11-22T17:30:00.000Z");
	return 0;
}

static bool is_short_address(const char *text)
{
	return text && strlen(text) == ADDRESS_SHORT_SIZE - 1 &&
	       strspn(text, "0123456789ABCDEF") == ADDRESS_SHORT_SIZE - 1;
}

static int take_bond(struct capture_decoder *decoder, struct capture_event *event)
{
	const json_t *bonded = json_object_get(decoder->line, "bonded");

	if (!bonded)
		return 0;
	if (!json_is_boolean(bonded))
		return fail(decoder, "'bonded' must be true or false");
	event->bond = json_is_true(bonded) ? WEARABLE_BOND_KEPT : WEARABLE_BOND_NONE;
	return 0;
}

static int take_connection(struct capture_decoder *decoder, struct capture_event *event)
{
	const json_t *adapter = json_object_get(decoder->line, "adapter");
	int64_t mtu = 0;
	int r = take_address(decoder, event);

	if (r == 0 && json_object_get(decoder->line, "mtu"))
		r = integer(decoder, "mtu", 0, UINT16_MAX, &mtu);
	if (r < 0)
		return r;
	event->mtu = (unsigned)mtu;
	event->adapter = json_string_value(adapter);
	if (adapter && !is_short_address(event->adapter))
		return fail(decoder, "'adapter' must be two bytes like 7113");
	return take_bond(decoder, event);
}

/* Of what came through a radio with a clock of its own. */
static int take_radio(struct capture_decoder *decoder, struct capture_event *event)
{
	const json_t *radio = json_object_get(decoder->line, "r");
	int64_t arrival_us = event->t_us;
	int r = 0;

	if (json_object_get(decoder->line, "a"))
		r = integer(decoder, "a", 0, event->t_us, &arrival_us);
	if (r == 0 && json_object_get(decoder->line, "u"))
		r = integer(decoder, "u", 0, CAPTURE_UNC_MAX_US, &event->unc_us);
	if (r < 0)
		return r;
	event->delay_us = event->t_us - arrival_us;
	event->radio = json_string_value(radio);
	if (radio && !(event->radio && conf_name_is_valid(event->radio)))
		return fail(decoder, "'r' must be the name of a radio");
	return 0;
}

/* The payload is an object, or the text that was received if it was not a JSON object. */
static int take_command(struct capture_decoder *decoder, struct capture_event *event)
{
	const json_t *payload = json_object_get(decoder->line, "payload");
	const json_t *retained = json_object_get(decoder->line, "retained");

	event->topic = text(decoder, "topic");
	if (!event->topic)
		return -EINVAL;
	if (retained && !json_is_boolean(retained))
		return fail(decoder, "'retained' must be true or false");
	event->is_retained = json_is_true(retained);
	if (json_is_string(payload)) {
		event->payload = json_string_value(payload);
		event->payload_size = json_string_length(payload);
		return 0;
	}
	if (!payload)
		return fail(decoder, "'payload' is missing");
	decoder->payload = json_dumps(payload, JSON_COMPACT | JSON_ENCODE_ANY);
	if (!decoder->payload)
		return fail(decoder, "'payload' cannot be read");
	event->payload = decoder->payload;
	event->payload_size = strlen(decoder->payload);
	return 0;
}

/* config_hash: 16 hexadecimal digits. */
static bool is_hash(const char *text)
{
	return strlen(text) == CAPTURE_HASH_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == CAPTURE_HASH_SIZE - 1;
}

static int take_config(struct capture_decoder *decoder, struct capture_event *event)
{
	const json_t *text_json = json_object_get(decoder->line, "text");
	const json_t *hash = json_object_get(decoder->line, "config_hash");

	event->text = text(decoder, "text");
	if (!event->text)
		return -EINVAL;
	event->text_size = json_string_length(text_json);
	if (!hash)
		return 0;
	event->config_hash = json_string_value(hash);
	if (!event->config_hash || !is_hash(event->config_hash))
		return fail(decoder, "'config_hash' must be 16 hexadecimal digits");
	return 0;
}

static int take_kind(struct capture_decoder *decoder, struct capture_event *event)
{
	const char *kind = text(decoder, "e");

	if (!kind)
		return -EINVAL;
#define KIND_MATCH(id, name)                                                                       \
	if (strcmp(kind, name) == 0) {                                                             \
		event->kind = CAPTURE_##id;                                                        \
		return 0;                                                                          \
	}
	CAPTURE_KIND_LIST(KIND_MATCH)
#undef KIND_MATCH
	return fail(decoder, "unknown event '%.32s'", kind);
}

static int take_members(struct capture_decoder *decoder, struct capture_event *event)
{
	int64_t number;
	int r;

	switch (event->kind) {
	case CAPTURE_CONNECTED:
		return take_connection(decoder, event);
	case CAPTURE_READ:
	case CAPTURE_NOTIFY:
		r = take_address(decoder, event);
		return r < 0 ? r : take_characteristic(decoder, event);
	case CAPTURE_DISCONNECTED:
		r = take_address(decoder, event);
		if (r < 0 || !json_object_get(decoder->line, "why"))
			return r;
		event->why = text(decoder, "why");
		return event->why ? 0 : -EINVAL;
	case CAPTURE_RSSI:
		r = take_address(decoder, event);
		if (r == 0)
			r = integer(decoder, "dbm", -200, 200, &number);
		if (r == 0)
			event->rssi_dbm = (int)number;
		return r;
	case CAPTURE_COMMAND:
		return take_command(decoder, event);
	case CAPTURE_WALL:
		return take_wall(decoder, event);
	case CAPTURE_CONFIG:
		return take_config(decoder, event);
	case CAPTURE_HEADER:
		break;
	}
	return -EINVAL;
}

static int take_header(struct capture_decoder *decoder, struct capture_event *event)
{
	const json_t *version = json_object_get(decoder->line, "coxa_capture");

	if (!version)
		return fail(decoder, "the first line must be a header with 'coxa_capture'");
	if (!json_is_integer(version) || json_integer_value(version) < CAPTURE_LINE_VERSION ||
		json_integer_value(version) > VERSION_MAX)
		return fail(decoder, "unknown version of the capture format; supported: 1, 2");
	event->kind = CAPTURE_HEADER;
	event->gateway = text(decoder, "gateway");
	if (!event->gateway)
		return -EINVAL;
	event->run = json_string_value(json_object_get(decoder->line, "run"));
	if (!text_is_clean(event->gateway, strlen(event->gateway)))
		return fail(decoder, "'gateway' contains a character that cannot be seen");
	if (event->run && !text_is_clean(event->run, strlen(event->run)))
		return fail(decoder, "'run' contains a character that cannot be seen");
	return take_wall(decoder, event);
}

static int check_size(struct capture_decoder *decoder, size_t size)
{
	if (size > CAPTURE_LINE_MAX)
		return fail(decoder, "the line has %zu bytes; allowed: %u", size, CAPTURE_LINE_MAX);
	return 0;
}

static int take_line(
	struct capture_decoder *decoder, const char *line, size_t size, struct capture_event *event)
{
	json_error_t error;
	int r;

	if (size > CAPTURE_CONFIG_MAX)
		return fail(
			decoder, "the line has %zu bytes; allowed: %u", size, CAPTURE_CONFIG_MAX);
	decoder->line = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
	if (!decoder->line)
		return fail(decoder, "not JSON: %.120s", error.text);
	if (!json_is_object(decoder->line))
		return fail(decoder, "not a JSON object");
	r = integer(decoder, "t", 0, INT64_MAX / 2, &event->t_us);
	if (r < 0)
		return r;
	if (!decoder->has_header) {
		r = check_size(decoder, size);
		return r < 0 ? r : take_header(decoder, event);
	}
	if (!decoder->has_lines_only && event->t_us < decoder->t_us)
		return fail(decoder, "'t' is earlier than in the line before");
	if (!decoder->has_lines_only && event->t_us - decoder->t_us > LEAP_MAX_US)
		return fail(decoder, "'t' is more than a month later than in the line before");
	if (json_object_get(decoder->line, "coxa_capture"))
		return fail(decoder, "a second header");
	r = take_kind(decoder, event);
	if (r == 0 && event->kind != CAPTURE_CONFIG)
		r = check_size(decoder, size);
	if (r == 0)
		r = take_members(decoder, event);
	return r == 0 && event->address ? take_radio(decoder, event) : r;
}

static size_t trim(const char **line, size_t size)
{
	while (size > 0 && strchr(" \t\r", **line) && **line) {
		(*line)++;
		size--;
	}
	while (size > 0 && (*line)[size - 1] && strchr(" \t\r", (*line)[size - 1]))
		size--;
	return size;
}

int capture_decode(struct capture_decoder *decoder, const char *line, size_t size,
	struct capture_event *ret, const char **ret_error)
{
	struct capture_event event = {0};
	int r;

	json_decref(decoder->line);
	decoder->line = NULL;
	free(decoder->payload);
	decoder->payload = NULL;
	size = trim(&line, size);
	if (size == 0)
		return 0;
	r = take_line(decoder, line, size, &event);
	if (r < 0) {
		*ret_error = decoder->error;
		return r;
	}
	decoder->has_header = true;
	decoder->t_us = event.t_us;
	*ret = event;
	return 1;
}

void capture_postpone(struct capture_event *event, int64_t t_us)
{
	if (t_us <= event->t_us)
		return;
	if (event->radio)
		event->delay_us += t_us - event->t_us;
	event->t_us = t_us;
}

bool capture_needs_new(const struct capture_event *event)
{
	return event->kind == CAPTURE_CONFIG || event->delay_us || event->unc_us || event->radio;
}

int capture_encode(const struct capture_event *event, char *buffer, size_t size)
{
	json_t *line;
	size_t length;

	if (event->size > CAPTURE_VALUE_MAX)
		return -ENOBUFS;
	line = capture_line_make(event);
	length = json_dumpb(line, buffer, size, JSON_COMPACT);
	json_decref(line);
	if (length == 0 || length + 2 > size)
		return -ENOBUFS;
	buffer[length] = '\n';
	buffer[length + 1] = '\0';
	return (int)length + 1;
}
