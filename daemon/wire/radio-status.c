// SPDX-License-Identifier: MIT
#include "coxad/wire/radio-status.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/wire/radio-batch.h"
#include "daemon/wire/payload.h"
#include "daemon/wire/radio-json.h"

#define LINKS_MAX 255

static json_t *make_adapters(const struct radio_status *status)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < status->n_adapters; i++) {
		const struct radio_status_adapter *adapter = &status->adapter[i];
		json_t *o = json_object();

		payload_set_text(o, "address", adapter->address);
		payload_set_integer(o, "slots", adapter->slots);
		payload_set_integer(o, "used", adapter->used);
		payload_set_integer(o, "limit", adapter->limit);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *make_buffered(const struct radio_status *status)
{
	json_t *o = json_object();

	payload_set_integer(o, "events", status->buffered_events);
	payload_set_integer(o, "bytes", status->buffered_bytes);
	payload_set_integer(o, "oldest_ms", status->oldest_us / US_PER_MS);
	return o;
}

static json_t *make_problems(const struct radio_status *status)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < status->n_problems; i++) {
		const struct radio_status_problem *problem = &status->problem[i];
		json_t *o = json_object();

		payload_set_text(o, "code", health_code_to_string(problem->code));
		payload_set_text(o, "subject", problem->subject);
		payload_set_text(o, "text", problem->text);
		json_array_append_new(list, o);
	}
	return list;
}

size_t radio_status_write(const struct radio_status *status, char ret[static RADIO_STATUS_MAX])
{
	json_t *o = json_object();

	payload_set_bool(o, "online", status->is_online);
	payload_set_text(o, "version", status->version);
	payload_set_integer(o, "proto", status->protocol);
	payload_set_integer(o, "boot", status->boot);
	if (status->is_online) {
		json_object_set_new(o, "adapters", make_adapters(status));
		json_object_set_new(o, "buffered", make_buffered(status));
		payload_set_integer(o, "dropped", status->dropped);
		payload_set_integer(o, "lost", status->lost);
		json_object_set_new(o, "problems", make_problems(status));
	}
	return radio_json_write(o, ret, RADIO_STATUS_MAX);
}

static bool take_adapter(const json_t *o, struct radio_status_adapter *adapter)
{
	return radio_json_take_address(o, "address", adapter->address) &&
	       radio_json_take_unsigned(o, "slots", LINKS_MAX, &adapter->slots) &&
	       radio_json_take_unsigned(o, "used", LINKS_MAX, &adapter->used) &&
	       radio_json_take_unsigned(o, "limit", LINKS_MAX, &adapter->limit);
}

static bool take_adapters(const json_t *o, struct radio_status *status)
{
	size_t n;
	const json_t *list = radio_json_take_array(o, "adapters", RADIO_STATUS_ADAPTERS_MAX, &n);

	if (!list)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!take_adapter(json_array_get(list, i), &status->adapter[i]))
			return false;
	status->n_adapters = (unsigned)n;
	return true;
}

/* HEALTH_CODE_COUNT: of a newer coxad. */
static enum health_code code_of(const char *text)
{
	unsigned i = 0;

	while (i < HEALTH_CODE_COUNT &&
		strcmp(health_code_to_string((enum health_code)i), text) != 0)
		i++;
	return (enum health_code)i;
}

static bool take_problem(const json_t *o, struct radio_status *status)
{
	struct radio_status_problem *problem = &status->problem[status->n_problems];
	char code[NAME_SIZE] = "";

	*problem = (struct radio_status_problem){0};
	if (!radio_json_take_text(o, "code", code, sizeof(code)) ||
		!radio_json_take_text(o, "subject", problem->subject, sizeof(problem->subject)) ||
		!radio_json_take_text(o, "text", problem->text, sizeof(problem->text)) ||
		!*problem->text)
		return false;
	problem->code = code_of(code);
	status->n_problems += problem->code < HEALTH_CODE_COUNT;
	return true;
}

static bool take_problems(const json_t *o, struct radio_status *status)
{
	size_t n;
	const json_t *list = radio_json_take_array(o, "problems", RADIO_STATUS_PROBLEMS_MAX, &n);

	for (size_t i = 0; list && i < n; i++)
		if (!take_problem(json_array_get(list, i), status))
			return false;
	return list || !json_object_get(o, "problems");
}

static bool take_count(const json_t *o, const char *key, int64_t *ret)
{
	return radio_json_take_number(o, key, 0, RADIO_JSON_NUMBER_MAX, ret);
}

static bool take_rest(const json_t *o, struct radio_status *status)
{
	const json_t *buffered = json_object_get(o, "buffered");
	int64_t oldest_ms = 0;

	if (!take_adapters(o, status) || !take_problems(o, status) ||
		!take_count(buffered, "events", &status->buffered_events) ||
		!take_count(buffered, "bytes", &status->buffered_bytes) ||
		!radio_json_take_number(
			buffered, "oldest_ms", 0, RADIO_JSON_NUMBER_MAX / US_PER_MS, &oldest_ms))
		return false;
	status->oldest_us = oldest_ms * US_PER_MS;
	return take_count(o, "dropped", &status->dropped) && take_count(o, "lost", &status->lost);
}

static bool take(const json_t *o, struct radio_status *status)
{
	if (!json_is_boolean(json_object_get(o, "online")) ||
		!radio_json_take_bool(o, "online", &status->is_online) ||
		!radio_json_take_text(o, "version", status->version, sizeof(status->version)) ||
		!take_count(o, "proto", &status->protocol) || !status->protocol)
		return false;
	if (status->protocol != RADIO_BATCH_PROTOCOL)
		return true;
	if (!radio_json_take_number(o, "boot", 1, RADIO_BATCH_NUMBER_MAX, &status->boot) ||
		!status->boot)
		return false;
	return !status->is_online || take_rest(o, status);
}

int radio_status_read(const char *text, size_t size, struct radio_status *ret)
{
	json_t *o = radio_json_read(text, size, RADIO_STATUS_MAX);
	struct radio_status status = {0};
	bool is_good = o && take(o, &status);

	json_decref(o);
	if (!is_good)
		return -EINVAL;
	*ret = status;
	return 0;
}
