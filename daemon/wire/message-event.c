// SPDX-License-Identifier: MIT
#include "daemon/wire/message-event.h"

#include <math.h>

#include "coxad/core/posture/kit-posture.h"
#include "daemon/wire/message-text.h"
#include "daemon/wire/payload.h"

static json_t *make_tilt_curve(const struct tilt_curve *curve)
{
	json_t *o, *elevation = json_array(), *raising = json_array(), *lowering = json_array();

	for (unsigned i = 0; i < TILT_CURVE_MAX; i++) {
		double up_deg = (double)curve->raising_deg[i];
		double down_deg = (double)curve->lowering_deg[i];

		if (isnan(up_deg) && isnan(down_deg))
			continue;
		json_array_append_new(
			elevation, json_integer(TILT_CURVE_LOW_DEG + TILT_CURVE_STEP_DEG * (int)i));
		json_array_append_new(raising, payload_number(up_deg, 1));
		json_array_append_new(lowering, payload_number(down_deg, 1));
	}
	if (json_array_size(elevation) == 0) {
		json_decref(elevation);
		json_decref(raising);
		json_decref(lowering);
		return json_null();
	}
	o = json_object();
	json_object_set_new(o, "elevation_deg", elevation);
	json_object_set_new(o, "raising_deg", raising);
	json_object_set_new(o, "lowering_deg", lowering);
	return o;
}

static json_t *make_kinds(unsigned kinds)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < REP_KIND_COUNT; i++)
		if (kinds >> i & 1)
			json_array_append_new(
				list, json_string(rep_kind_to_string((enum rep_kind)i)));
	return list;
}

json_t *message_event_rep(struct message_encoder *encoder, const struct rep_result *rep)
{
	/* The start and end of a repetition are known to one posture frame. */
	double unc_ms = fmax(rep->time_uncertainty_ms, POSTURE_FRAME_US / 2000.0);
	json_t *o = message_build_event(encoder, NULL, rep->t_end_us, unc_ms);

	payload_set_text(o, "side", side_to_string(rep->side));
	payload_set_integer(o, "rep", rep->rep);
	json_object_set_new(o, "kind", make_kinds(rep->kinds));
	payload_set_number(o, "range_deg", rep->range_deg, 1);
	payload_set_number(o, "raise_ms", rep->raise_ms, 0);
	payload_set_number(o, "top_ms", rep->top_ms, 0);
	payload_set_number(o, "lower_ms", rep->lower_ms, 0);
	payload_set_integer(o, "t_start_us", rep->t_start_us);
	payload_set_integer(o, "t_end_us", rep->t_end_us);
	payload_set_number(o, "theta_loss_deg", rep->theta_loss_deg, 1);
	payload_set_number(o, "control_angle_deg", rep->control_angle_deg, 1);
	payload_set_number(o, "sparc", rep->sparc, 3);
	payload_set_number(o, "asymmetry_deg", rep->asymmetry_deg, 1);
	json_object_set_new(o, "tilt_curve", make_tilt_curve(&rep->tilt_curve));
	payload_set_ids(o, "pops", rep->n_pops, rep->pops);
	payload_set_codes(o, "quality", rep->quality);
	return o;
}

static json_t *make_levels(const struct pop_result *pop)
{
	json_t *levels = json_object();

	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		if (!isnan(pop->levels_db[p]))
			payload_set_number(levels, placement_to_string((enum placement)p),
				pop->levels_db[p], 1);
	return levels;
}

static json_t *make_confidence(const struct pop_confidence *confidence)
{
	json_t *o = json_object();

	payload_set_number(o, "total", confidence->total, 3);
	payload_set_number(o, "origin", confidence->origin, 3);
	payload_set_number(o, "posture", confidence->posture, 3);
	payload_set_number(o, "symptom", confidence->symptom, 3);
	payload_set_number(o, "margin", confidence->margin, 3);
	return o;
}

static json_t *make_form(const struct pop_result *pop)
{
	static const char *const keys[7] = {"f1", "f2", "f3", "f4", "f5", "f6", "f7"};
	json_t *o = json_object();

	payload_set_number(o, "total", pop->form_total, 1);
	for (unsigned i = 0; i < 7; i++)
		payload_set_number(o, keys[i], pop->form[i], 1);
	return o;
}

static json_t *make_cues(const struct pop_result *pop)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < pop->n_cues; i++) {
		json_t *cue = json_object();

		payload_set_text(cue, "code", cue_code_to_string(pop->cues[i].code));
		payload_set_number(cue, "argument", pop->cues[i].argument, 0);
		json_array_append_new(list, cue);
	}
	return list;
}

static void set_posture(json_t *o, const struct pop_result *pop)
{
	payload_set_text(o, "phase", phase_to_string(pop->phase));
	payload_set_text(o, "side", side_to_string(pop->side));
	payload_set_integer(o, "rep", pop->rep);
	payload_set_number(o, "elevation_deg", pop->elevation_deg, 1);
	payload_set_number(o, "hip_flexion_deg", pop->hip_flexion_deg, 1);
	payload_set_number(o, "pelvic_tilt_deg", pop->pelvic_tilt_deg, 1);
	payload_set_number(o, "lumbar_extension_deg", pop->lumbar_extension_deg, 1);
	payload_set_number(o, "speed_deg_s", pop->speed_deg_s, 1);
}

json_t *message_event_pop(struct message_encoder *encoder, const struct pop_result *pop)
{
	json_t *o = message_build_event(encoder, pop->id, pop->t_pop_us, pop->time_uncertainty_ms);
	json_t *override;

	payload_set_integer(o, "rev", pop->rev);
	payload_set_text(o, "state", pop_state_to_string(pop->state));
	json_object_set_new(
		o, "supersedes", pop->supersedes ? json_integer(pop->supersedes) : json_null());
	payload_set_text(o, "athlete", pop->athlete);
	payload_set_text(o, "kit", pop->kit);
	payload_set_integer(o, "t_pop_us", pop->t_pop_us + pop->told_later_us);
	payload_set_text(
		o, "site", pop->site < PLACEMENT_COUNT ? placement_to_string(pop->site) : NULL);
	json_object_set_new(o, "levels_db", make_levels(pop));
	payload_set_text(o, "class", pop_class_to_string(pop->class));
	payload_set_integer(o, "severity", pop->severity);
	json_object_set_new(o, "confidence", make_confidence(&pop->confidence));
	set_posture(o, pop);
	json_object_set_new(o, "form", make_form(pop));
	payload_set_text(o, "pattern", pattern_to_string(pop->pattern));
	payload_set_codes(o, "reasons", pop->reasons);
	json_object_set_new(o, "cues", make_cues(pop));
	payload_set_ids(o, "symptoms", pop->n_symptoms, pop->symptoms);
	payload_set_text(o, "config_hash", encoder->conf->hash);
	if (pop->override_by[0]) {
		override = json_object();
		payload_set_text(override, "by", pop->override_by);
		payload_set_text(override, "reason", pop->override_reason);
		json_object_set_new(o, "override", override);
	}
	return o;
}

json_t *message_event_cue(struct message_encoder *encoder, const struct cue_result *cue)
{
	json_t *o =
		message_build_event(encoder, NULL, cue->t_us, 0); /* made here, by our own clock */
	char text[TEXT_SIZE];

	payload_set_text(o, "code", cue_code_to_string(cue->cue.code));
	payload_set_number(o, "argument", cue->cue.argument, 0);
	payload_set_text(o, "text", message_text_cue(&cue->cue, text, sizeof(text)));
	payload_set_text(o, "pop", cue->pop);
	return o;
}

void message_event_set_alert(
	json_t *o, const struct message_encoder *encoder, const struct alert_result *alert)
{
	payload_set_text(o, "kit", alert->kit);
	payload_set_integer(o, "severity", alert->severity);
	payload_set_text(o, "class", pop_class_to_string(alert->class));
	payload_set_text(o, "label", message_text_label(alert->class));
	payload_set_codes(o, "reasons", alert->reasons);
	payload_set_ids(o, "pops", alert->n_pops, alert->pops);
	payload_set_ids(o, "symptoms", alert->n_symptoms, alert->symptoms);
	payload_set_time(o, "since", encoder->clock, alert->t_raised_us);
	payload_set_text(o, "by", alert->by);
}

json_t *message_event_alert(struct message_encoder *encoder, const struct alert_result *alert)
{
	const char *id = alert->state == ALERT_STATE_RAISED ? alert->alert : NULL;
	json_t *o = message_build_event(encoder, id, alert->t_us, alert->time_uncertainty_ms);

	payload_set_text(o, "alert", alert->alert);
	payload_set_text(o, "state", alert_state_to_string(alert->state));
	payload_set_text(o, "athlete", alert->athlete);
	message_event_set_alert(o, encoder, alert);
	return o;
}
