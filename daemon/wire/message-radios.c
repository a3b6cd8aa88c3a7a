// SPDX-License-Identifier: MIT
#include "coxad/wire/message-radios.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/wire/message-build.h"
#include "daemon/wire/payload.h"

static const char *const codes[] = {
	[RADIO_WAIT_CONNECTING] = "connecting",
	[RADIO_WAIT_NOT_HEARD] = "not_heard",
	[RADIO_WAIT_NO_SLOT] = "no_slot",
	[RADIO_WAIT_BONDED_ELSEWHERE] = "bonded_elsewhere",
};

static void append_name(json_t *list, const struct conf *conf, unsigned wearable)
{
	if (!conf->wearable[wearable].is_gone)
		json_array_append_new(list, json_string(conf->wearable[wearable].name));
}

static json_t *make_served(
	const struct conf *conf, const struct message_radios *radios, unsigned index)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < conf->n_wearables; i++)
		if (radios->serves[i] == (int)index)
			append_name(list, conf, i);
	return list;
}

static json_t *make_if_lost(const struct conf *conf, const struct message_radio *radio)
{
	json_t *o = json_object(), *left = json_array();

	for (unsigned i = 0; i < radio->n_left; i++)
		append_name(left, conf, radio->left[i]);
	payload_set_integer(o, "moving", radio->n_moving);
	json_object_set_new(o, "left", left);
	return o;
}

static json_t *make_radio(
	const struct conf *conf, const struct message_radios *radios, unsigned index)
{
	const struct message_radio *radio = &radios->radio[index];
	json_t *o = json_object();

	payload_set_text(o, "name", radio->name);
	payload_set_bool(o, "online", radio->is_online);
	payload_set_text(o, "version", radio->version);
	payload_set_integer(o, "slots", radio->slots);
	json_object_set_new(o, "serves", make_served(conf, radios, index));
	payload_set_number(o, "uncertainty_ms",
		radio->unc_us < 0 ? NAN : (double)radio->unc_us / US_PER_MS, 1);
	payload_set_number(o, "behind_s", (double)radio->behind_us / US_PER_S, 0);
	payload_set_integer(o, "lost", (int64_t)radio->lost);
	payload_set_integer(o, "refused", (int64_t)radio->refused);
	json_object_set_new(o, "if_lost", make_if_lost(conf, radio));
	return o;
}

static json_t *make_waiting(const struct conf *conf, const struct message_radios *radios)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < radios->n_waiting; i++) {
		unsigned wearable = radios->waiting[i].wearable;
		json_t *o;

		if (conf->wearable[wearable].is_gone)
			continue;
		o = json_object();
		payload_set_text(o, "wearable", conf->wearable[wearable].name);
		payload_set_text(o, "code", codes[radios->waiting[i].wait]);
		json_array_append_new(list, o);
	}
	return list;
}

int message_radios_encode(struct message_encoder *encoder, int64_t now_us,
	const struct message_radios *radios, struct message *ret)
{
	const struct conf *conf = encoder->conf;
	json_t *o = json_object(), *list = json_array();

	encoder->now_us = now_us;
	for (unsigned i = 0; i < radios->n_radios; i++)
		json_array_append_new(list, make_radio(conf, radios, i));
	payload_set_text(o, "gateway", conf->gateway.name);
	json_object_set_new(o, "radios", list);
	json_object_set_new(o, "waiting", make_waiting(conf, radios));
	return message_build_finish(encoder, TOPIC_GATEWAY_RADIOS, conf->gateway.name, o, ret);
}
