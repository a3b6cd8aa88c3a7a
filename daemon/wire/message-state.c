// SPDX-License-Identifier: MIT
#include "daemon/wire/message-state.h"

#include <math.h>

#include "coxad/base/diag.h"
#include "daemon/wire/message-event.h"
#include "daemon/wire/payload.h"

json_t *message_state_posture(const struct posture_result *p)
{
	json_t *o = json_object();

	payload_set_integer(o, "t_us", p->t_us);
	payload_set_text(o, "phase", phase_to_string(p->phase));
	payload_set_text(o, "side", side_to_string(p->side));
	payload_set_integer(o, "rep", p->rep);
	payload_set_number(o, "elevation_left_deg", p->elevation_left_deg, 1);
	payload_set_number(o, "elevation_right_deg", p->elevation_right_deg, 1);
	payload_set_number(o, "hip_flexion_left_deg", p->hip_flexion_left_deg, 1);
	payload_set_number(o, "hip_flexion_right_deg", p->hip_flexion_right_deg, 1);
	payload_set_number(o, "pelvic_tilt_deg", p->pelvic_tilt_deg, 1);
	payload_set_number(o, "lumbar_extension_deg", p->lumbar_extension_deg, 1);
	payload_set_number(o, "speed_deg_s", p->speed_deg_s, 1);
	payload_set_codes(o, "quality", p->quality);
	return o;
}

static json_t *make_open_alert(
	const struct message_encoder *encoder, const struct alert_result *alert)
{
	json_t *o = json_object();

	payload_set_text(o, "id", alert->alert);
	payload_set_text(o, "alert", alert->alert);
	payload_set_text(o, "state", alert_state_to_string(alert->state));
	payload_set_time(o, "time", encoder->clock, alert->t_us);
	message_event_set_alert(o, encoder, alert);
	return o;
}

json_t *message_state_alerts(
	const struct message_encoder *encoder, const struct alerts_result *alerts)
{
	json_t *o, *list;

	if (alerts->n == 0)
		return NULL;
	list = json_array();
	for (unsigned i = 0; i < alerts->n; i++)
		json_array_append_new(list, make_open_alert(encoder, &alerts->open[i]));
	o = json_object();
	payload_set_text(o, "athlete", alerts->athlete);
	json_object_set_new(o, "alerts", list);
	return o;
}

static void set_lacks(json_t *o, uint32_t lacks)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CALIBRATION_LACK_COUNT; i++)
		if (lacks >> i & 1)
			json_array_append_new(list,
				json_string(calibration_lack_to_string((enum calibration_lack)i)));
	json_object_set_new(o, "lacks", list);
}

json_t *message_state_session(
	const struct message_encoder *encoder, const struct session_result *session)
{
	json_t *o, *calibration;

	if (!session->is_open)
		return NULL;
	o = json_object();
	payload_set_text(o, "athlete", session->athlete);
	payload_set_text(o, "exercise", exercise_to_string(session->exercise));
	payload_set_time(o, "since", encoder->clock, session->since_us);
	calibration = json_object();
	payload_set_bool(calibration, "calibrated", session->is_calibrated);
	payload_set_number(calibration, "span_deg", session->span_deg, 1);
	payload_set_number(calibration, "confidence", session->calibration_confidence, 2);
	set_lacks(calibration, session->lacks);
	json_object_set_new(o, "calibration", calibration);
	return o;
}

json_t *message_state_calibration(const struct calibration_result *c)
{
	json_t *o = json_object();

	payload_set_text(o, "step", calibration_step_to_string(c->step));
	payload_set_text(o, "state", calibration_state_to_string(c->state));
	payload_set_text(o, "why", c->why);
	payload_set_text(o, "code",
		c->code == CALIBRATION_CODE_NONE ? "" : calibration_code_to_string(c->code));
	payload_set_number(o, "progress", c->progress, 2);
	payload_set_number(o, "quality", c->quality, 2);
	payload_set_bool(o, "calibrated", c->is_calibrated);
	set_lacks(o, c->lacks);
	return o;
}

static json_t *make_counts(const struct summary_result *s)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < POP_CLASS_COUNT; i++)
		payload_set_integer(o, pop_class_to_string((enum pop_class)i), s->pops_by_class[i]);
	return o;
}

json_t *message_state_summary(const struct message_encoder *encoder, const struct summary_result *s)
{
	json_t *o = json_object(), *baseline = json_object();

	payload_set_text(o, "athlete", s->athlete);
	payload_set_text(o, "kit", s->kit);
	payload_set_text(o, "exercise", exercise_to_string(s->exercise));
	payload_set_time(o, "since", encoder->clock, s->since_us);
	payload_set_time(o, "time", encoder->clock, s->t_us);
	payload_set_bool(o, "final", s->is_final);
	payload_set_integer(o, "reps", s->reps);
	payload_set_integer(o, "faulty_reps", s->faulty_reps);
	json_object_set_new(o, "pops", make_counts(s));
	payload_set_integer(o, "pops_not_exercising", s->pops_not_exercising);
	payload_set_integer(o, "crepitus", s->crepitus);
	payload_set_number(o, "crepitus_level_db", s->crepitus_level_db, 1);
	payload_set_integer(o, "symptoms", s->symptoms);
	payload_set_integer(o, "alerts", s->alerts_raised);
	payload_set_number(o, "pops_per_rep", s->pops_per_rep, 2);
	payload_set_number(o, "control_angle_deg", s->control_angle_deg, 1);
	payload_set_number(o, "range_deg", s->range_deg_mean, 1);
	payload_set_number(o, "lower_ms", s->lower_ms_mean, 0);
	payload_set_number(o, "loudness_trend_db", s->loudness_trend_db, 1);
	payload_set_codes(o, "trends", s->trends);
	payload_set_integer(baseline, "sessions", s->baseline_sessions);
	payload_set_integer(baseline, "pops", s->baseline_pops);
	payload_set_number(baseline, "pops_per_rep", s->own_pops_per_rep, 2);
	json_object_set_new(o, "baseline", baseline);
	return o;
}

json_t *message_state_wearable(
	const struct message_encoder *encoder, const struct wearable_result *w)
{
	const struct conf *conf = encoder->conf;
	const struct wearable_conf *wearable = &conf->wearable[w->wearable];
	json_t *o = json_object(), *clock = json_object(), *drop = json_null();

	payload_set_text(o, "state", wearable_state_to_string(w->state));
	payload_set_text(o, "kit", conf->kit[wearable->kit].name);
	payload_set_text(o, "placement", placement_to_string(wearable->placement));
	payload_set_text(o, "driver", w->driver);
	payload_set_number(o, "battery_percent", w->battery_percent, 0);
	payload_set_number(o, "rssi_dbm", w->rssi_dbm, 0);
	payload_set_number(o, "rate_hz", w->rate_hz, 1);
	payload_set_number(o, "loss_percent", w->loss_percent, 1);
	if (w->last_data_us)
		payload_set_time(o, "last_data", encoder->clock, w->last_data_us);
	else
		payload_set_text(o, "last_data", NULL);
	payload_set_text(o, "firmware", w->firmware);
	payload_set_text(o, "adapter", w->adapter);
	payload_set_text(o, "radio", w->radio);
	json_object_set_new(o, "is_bonded",
		w->bond == WEARABLE_BOND_UNKNOWN ? json_null()
						 : json_boolean(w->bond == WEARABLE_BOND_KEPT));
	payload_set_number(clock, "skew_ppm", w->skew_ppm, 1);
	payload_set_number(clock, "uncertainty_ms", ceil(w->clock_uncertainty_ms * 10) / 10, 1);
	payload_set_number(clock, "coverage", w->clock_coverage, 2);
	json_object_set_new(o, "clock", clock);
	payload_set_integer(o, "drops", (int64_t)w->drops);
	if (w->last_drop != REASON_NONE) {
		drop = json_object();
		payload_set_text(drop, "reason", reason_to_string((enum reason)w->last_drop));
		payload_set_time(drop, "time", encoder->clock, w->last_drop_us);
	}
	json_object_set_new(o, "last_drop", drop);
	payload_set_text(o, "problem",
		w->problem == WEARABLE_PROBLEM_NONE ? NULL
						    : wearable_problem_to_string(w->problem));
	return o;
}

json_t *message_state_live(const struct live_result *live)
{
	json_t *o = json_object(), *gravity = json_null();

	if (isfinite(live->gravity_g[0])) {
		gravity = json_array();
		for (unsigned i = 0; i < 3; i++)
			json_array_append_new(gravity, payload_number(live->gravity_g[i], 3));
	}
	payload_set_integer(o, "t_us", live->t_us);
	json_object_set_new(o, "gravity", gravity);
	json_object_set_new(
		o, "is_still", live->is_still < 0 ? json_null() : json_boolean(live->is_still));
	payload_set_number(o, "turn_deg_s", live->turn_deg_s, 1);
	payload_set_number(o, "level_db", live->level_db, 1);
	return o;
}

static void append_problems(json_t *list, const struct message_encoder *encoder,
	const struct health *health, enum health_severity severity)
{
	for (unsigned i = 0; i < health->n; i++) {
		const struct health_problem *problem = &health->problem[i];
		json_t *o;

		if (health_severity(problem->code) != severity)
			continue;
		o = json_object();
		payload_set_text(o, "code", health_code_to_string(problem->code));
		payload_set_text(o, "severity", health_severity_to_string(severity));
		payload_set_text(o, "subject", problem->subject);
		payload_set_time(o, "since", encoder->clock, problem->since_us);
		payload_set_text(o, "text", problem->text);
		json_array_append_new(list, o);
	}
}

/* The worst first. */
json_t *message_state_health(const struct message_encoder *encoder, const struct health *health)
{
	json_t *o = json_object(), *problems = json_array();

	append_problems(problems, encoder, health, HEALTH_SEVERITY_FAILURE);
	append_problems(problems, encoder, health, HEALTH_SEVERITY_WARNING);
	payload_set_text(o, "state", health_state_to_string(health_state(health)));
	json_object_set_new(o, "problems", problems);
	return o;
}
