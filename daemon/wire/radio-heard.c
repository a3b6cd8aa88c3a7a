// SPDX-License-Identifier: MIT
#include "coxad/wire/radio-heard.h"

#include <errno.h>

#include "daemon/wire/payload.h"
#include "daemon/wire/radio-json.h"

static json_t *make_wearable(const struct radio_heard_wearable *w)
{
	json_t *o = json_object();

	payload_set_text(o, "address", w->address);
	if (w->rssi_dbm != RADIO_HEARD_NO_RSSI)
		payload_set_integer(o, "rssi_dbm", w->rssi_dbm);
	if (*w->driver)
		payload_set_text(o, "driver", w->driver);
	payload_set_bool(o, "bonded", w->is_bonded);
	payload_set_bool(o, "connected", w->is_connected);
	if (w->problem != WEARABLE_PROBLEM_NONE)
		payload_set_text(o, "problem", wearable_problem_to_string(w->problem));
	return o;
}

size_t radio_heard_write(const struct radio_heard *heard, char ret[static RADIO_HEARD_MAX])
{
	json_t *o = json_object(), *list = json_array();

	for (unsigned i = 0; i < heard->n; i++)
		json_array_append_new(list, make_wearable(&heard->wearable[i]));
	json_object_set_new(o, "wearables", list);
	return radio_json_write(o, ret, RADIO_HEARD_MAX);
}

static bool take_rssi(const json_t *o, int8_t *ret)
{
	int64_t rssi_dbm = RADIO_HEARD_NO_RSSI;

	if (!radio_json_take_number(
		    o, "rssi_dbm", RADIO_HEARD_NO_RSSI, RADIO_HEARD_RSSI_MAX, &rssi_dbm))
		return false;
	*ret = (int8_t)rssi_dbm;
	return true;
}

/* One that this coxad does not know is one, too. */
static bool take_problem(const json_t *o, enum wearable_problem *ret)
{
	char text[RADIO_DRIVER_SIZE] = "";

	if (!radio_json_take_text(o, "problem", text, sizeof(text)))
		return false;
	if (*text && wearable_problem_from_string(text, ret) < 0)
		*ret = WEARABLE_PROBLEM_NEEDS_PAIRING;
	return true;
}

static bool take_wearable(const json_t *o, struct radio_heard_wearable *w)
{
	*w = (struct radio_heard_wearable){0};
	return radio_json_take_address(o, "address", w->address) && take_rssi(o, &w->rssi_dbm) &&
	       radio_json_take_text(o, "driver", w->driver, sizeof(w->driver)) &&
	       radio_json_take_bool(o, "bonded", &w->is_bonded) &&
	       radio_json_take_bool(o, "connected", &w->is_connected) &&
	       take_problem(o, &w->problem);
}

static bool take(const json_t *o, struct radio_heard *heard)
{
	size_t n;
	const json_t *list = radio_json_take_array(o, "wearables", RADIO_LIST_WEARABLES_MAX, &n);

	if (!list)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!take_wearable(json_array_get(list, i), &heard->wearable[i]))
			return false;
	heard->n = (unsigned)n;
	return true;
}

int radio_heard_read(const char *text, size_t size, struct radio_heard *ret)
{
	json_t *o = radio_json_read(text, size, RADIO_HEARD_MAX);
	bool is_good = o && take(o, ret);

	json_decref(o);
	return is_good ? 0 : -EINVAL;
}
