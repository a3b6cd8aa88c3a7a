// SPDX-License-Identifier: MIT
#include "coxad/wire/radio-brain.h"

#include <errno.h>

#include "coxad/wire/wall-text.h"
#include "daemon/wire/payload.h"
#include "daemon/wire/radio-json.h"

size_t radio_brain_write(const struct radio_brain *brain, char ret[static RADIO_BRAIN_MAX])
{
	char since[WALL_TEXT_SIZE] = "";
	json_t *o = json_object();

	if (brain->since_wall_us)
		wall_text_write(brain->since_wall_us, since);
	payload_set_bool(o, "online", brain->is_online);
	payload_set_text(o, "since", since);
	payload_set_integer(o, "epoch", brain->epoch);
	payload_set_text(o, "version", brain->version);
	payload_set_integer(o, "proto", brain->protocol);
	return radio_json_write(o, ret, RADIO_BRAIN_MAX);
}

static bool take_since(const json_t *o, int64_t *ret_wall_us)
{
	char text[WALL_TEXT_SIZE] = "";

	return radio_json_take_text(o, "since", text, sizeof(text)) &&
	       (!*text || wall_text_read(text, ret_wall_us) == 0);
}

static bool take(const json_t *o, struct radio_brain *brain)
{
	return json_is_boolean(json_object_get(o, "online")) &&
	       radio_json_take_bool(o, "online", &brain->is_online) &&
	       take_since(o, &brain->since_wall_us) &&
	       radio_json_take_number(o, "epoch", 1, RADIO_JSON_NUMBER_MAX, &brain->epoch) &&
	       brain->epoch &&
	       radio_json_take_text(o, "version", brain->version, sizeof(brain->version)) &&
	       radio_json_take_number(o, "proto", 1, RADIO_JSON_NUMBER_MAX, &brain->protocol) &&
	       brain->protocol;
}

int radio_brain_read(const char *text, size_t size, struct radio_brain *ret)
{
	json_t *o = radio_json_read(text, size, RADIO_BRAIN_MAX);
	struct radio_brain brain = {0};
	bool is_good = o && take(o, &brain);

	json_decref(o);
	if (!is_good)
		return -EINVAL;
	*ret = brain;
	return 0;
}
