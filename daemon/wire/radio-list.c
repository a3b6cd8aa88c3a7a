// SPDX-License-Identifier: MIT
#include "coxad/wire/radio-list.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-name.h"
#include "daemon/wire/payload.h"
#include "daemon/wire/radio-json.h"

static const char *const notify_modes[] = {
	[NOTIFY_MODE_AUTO] = "auto", [NOTIFY_MODE_FD] = "fd", [NOTIFY_MODE_SIGNAL] = "signal"};

static json_t *make_wearable(const struct radio_list_wearable *w)
{
	json_t *o = json_object();

	payload_set_text(o, "address", w->address);
	if (w->is_served) {
		payload_set_bool(o, "serve", true);
		payload_set_text(o, "placement", placement_to_string(w->placement));
		if (*w->kit)
			payload_set_text(o, "kit", w->kit);
		if (*w->driver)
			payload_set_text(o, "driver", w->driver);
		if (w->has_notify)
			payload_set_text(o, "notify", notify_modes[w->notify]);
		payload_set_bool(o, "bond", w->bond);
	} else if (*w->radio)
		payload_set_text(o, "radio", w->radio);
	return o;
}

size_t radio_list_write(const struct radio_list *list, char ret[static RADIO_LIST_MAX])
{
	json_t *o = json_object(), *wearables = json_array();

	for (unsigned i = 0; i < list->n; i++)
		json_array_append_new(wearables, make_wearable(&list->wearable[i]));
	payload_set_integer(o, "epoch", list->epoch);
	json_object_set_new(o, "wearables", wearables);
	return radio_json_write(o, ret, RADIO_LIST_MAX);
}

static bool take_notify(const json_t *o, struct radio_list_wearable *w)
{
	char text[NAME_SIZE] = "";

	if (!radio_json_take_text(o, "notify", text, sizeof(text)))
		return false;
	for (unsigned i = 0; i < ARRAY_LEN(notify_modes); i++)
		if (strcmp(text, notify_modes[i]) == 0) {
			w->notify = (enum notify_mode)i;
			w->has_notify = true;
		}
	return !*text || w->has_notify;
}

static bool take_place(const json_t *o, struct radio_list_wearable *w)
{
	char text[NAME_SIZE] = "";

	return radio_json_take_text(o, "placement", text, sizeof(text)) &&
	       (!*text || placement_from_string(text, &w->placement) == 0) &&
	       radio_json_take_text(o, "kit", w->kit, sizeof(w->kit)) &&
	       (!*w->kit || conf_name_is_valid(w->kit));
}

static bool take_served(const json_t *o, struct radio_list_wearable *w)
{
	return take_place(o, w) &&
	       radio_json_take_text(o, "driver", w->driver, sizeof(w->driver)) &&
	       take_notify(o, w) && radio_json_take_bool(o, "bond", &w->bond);
}

static bool take_wearable(const json_t *o, struct radio_list_wearable *w)
{
	*w = (struct radio_list_wearable){0};
	if (!radio_json_take_address(o, "address", w->address) ||
		!radio_json_take_bool(o, "serve", &w->is_served))
		return false;
	if (w->is_served)
		return take_served(o, w);
	return radio_json_take_text(o, "radio", w->radio, sizeof(w->radio)) &&
	       (!*w->radio || conf_name_is_valid(w->radio));
}

static bool take(const json_t *o, struct radio_list *list)
{
	size_t n;
	const json_t *wearables =
		radio_json_take_array(o, "wearables", RADIO_LIST_WEARABLES_MAX, &n);

	list->epoch = 0;
	if (!wearables ||
		!radio_json_take_number(o, "epoch", 1, RADIO_JSON_NUMBER_MAX, &list->epoch) ||
		!list->epoch)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!take_wearable(json_array_get(wearables, i), &list->wearable[i]))
			return false;
	list->n = (unsigned)n;
	return true;
}

int radio_list_read(const char *text, size_t size, struct radio_list *ret)
{
	json_t *o = radio_json_read(text, size, RADIO_LIST_MAX);
	bool is_good = o && take(o, ret);

	json_decref(o);
	return is_good ? 0 : -EINVAL;
}
