// SPDX-License-Identifier: MIT
#include "coxad/wire/message-inventory.h"

#include <stddef.h>

#include "coxad/base/alloc.h"
#include "coxad/core/record.h"
#include "daemon/wire/message-build.h"
#include "daemon/wire/payload.h"

/* What a screen draws limits from: where a bar turns red, and how many points each part of the form
 * score can give. */
static const struct {
	const char *key;
	size_t offset;
} limits[] = {
#define LIMIT(field, key)                                                                          \
	{                                                                                          \
		key, offsetof(struct analysis_conf, field)                                         \
	}
	LIMIT(control_angle_default_deg, "control_angle_default"),
	LIMIT(loss_tilt_share, "loss_tilt_share"),
	LIMIT(loss_tilt_hang_deg, "loss_tilt_hang"),
	LIMIT(span_default_deg, "span_default_deg"),
	LIMIT(ready_elevation_deg, "ready_elevation"),
	LIMIT(ready_elevation_bent_deg, "ready_elevation_bent"),
	LIMIT(form_tilt_fault_share, "form_tilt_fault_share"),
	LIMIT(form_tilt_severe_share, "form_tilt_severe_share"),
	LIMIT(form_tilt_fault_points, "form_tilt_fault_points"),
	LIMIT(form_tilt_severe_points, "form_tilt_severe_points"),
	LIMIT(hang_tilt_warn_deg, "hang_tilt_warn_deg"),
	LIMIT(hang_tilt_fault_deg, "hang_tilt_fault_deg"),
	LIMIT(hang_tilt_severe_deg, "hang_tilt_severe_deg"),
	LIMIT(form_arching_ratio, "form_arching_ratio"),
	LIMIT(form_arching_points, "form_arching_points"),
	LIMIT(form_range_margin_deg, "form_range_margin_deg"),
	LIMIT(form_range_points, "form_range_points"),
	LIMIT(form_fast_deg_s, "form_fast_deg_s"),
	LIMIT(form_fast_points, "form_fast_points"),
	LIMIT(form_uncontrolled_deg_s, "form_uncontrolled_deg_s"),
	LIMIT(form_uncontrolled_points, "form_uncontrolled_points"),
	LIMIT(form_sparc_drop, "form_sparc_drop"),
	LIMIT(form_sparc_points, "form_sparc_points"),
	LIMIT(form_asymmetry_deg, "form_asymmetry_deg"),
	LIMIT(form_roll_yaw_deg, "form_roll_yaw_deg"),
	LIMIT(form_asymmetry_points, "form_asymmetry_points"),
	LIMIT(form_preset_share, "form_preset_share"),
	LIMIT(form_preset_points, "form_preset_points"),
	LIMIT(form_limit, "form_limit"),
	LIMIT(form_limit_again, "form_limit_again"),
#undef LIMIT
};

static json_t *make_limits(const struct analysis_conf *analysis)
{
	json_t *o = json_object();

	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		json_object_set_new(o, limits[i].key,
			json_real(*(const double *)((const char *)analysis + limits[i].offset)));
	return o;
}

static json_t *make_kits(const struct conf *conf)
{
	json_t *list = json_array();

	for (size_t i = 0; i < conf->n_kits; i++) {
		const struct kit_conf *kit = &conf->kit[i];
		json_t *o;

		if (kit->is_gone)
			continue;
		o = json_object();
		payload_set_text(o, "name", kit->name);
		payload_set_text(o, "exercise", exercise_to_string(kit->exercise));
		payload_set_text(o, "athlete", kit->athlete);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *make_streams(uint32_t streams)
{
	json_t *list = json_array();

#define APPEND(id, bit, text)                                                                      \
	if (streams & STREAM_##id & ~(uint32_t)STREAM_HAPTIC)                                      \
		json_array_append_new(list, json_string(text));
	STREAM_LIST(APPEND)
#undef APPEND
	return list;
}

static json_t *make_orders(const struct message_inventory_wearable *w)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < w->n_orders; i++)
		json_array_append_new(list, json_string(w->orders[i]));
	return list;
}

static json_t *make_wearables(
	const struct conf *conf, const struct message_inventory_wearable *wearables)
{
	json_t *list = json_array();

	for (size_t i = 0; i < conf->n_wearables; i++) {
		const struct wearable_conf *named = &conf->wearable[i];
		const struct message_inventory_wearable *w = &wearables[i];
		json_t *o;

		if (named->is_gone)
			continue;
		o = json_object();
		payload_set_text(o, "name", named->name);
		payload_set_text(o, "kit", conf->kit[named->kit].name);
		payload_set_text(o, "placement", placement_to_string(named->placement));
		payload_set_text(o, "driver", w->driver);
		json_object_set_new(o, "streams", make_streams(w->streams));
		json_object_set_new(o, "orders", make_orders(w));
		payload_set_text(o, "radio", w->radio);
		json_array_append_new(list, o);
	}
	return list;
}

int message_inventory_encode(struct message_encoder *encoder, int64_t now_us,
	const struct message_inventory_wearable *wearables, struct message *ret)
{
	const struct conf *conf = encoder->conf;
	json_t *o = json_object();

	encoder->now_us = now_us;
	payload_set_text(o, "gateway", conf->gateway.name);
	payload_set_text(o, "config_hash", conf->hash);
	json_object_set_new(o, "kits", make_kits(conf));
	json_object_set_new(o, "wearables", make_wearables(conf, wearables));
	json_object_set_new(o, "limits", make_limits(&conf->analysis));
	return message_build_finish(encoder, TOPIC_GATEWAY_INVENTORY, conf->gateway.name, o, ret);
}
