// SPDX-License-Identifier: MIT
#include "coxad/wire/logbook-act.h"

#include "daemon/wire/payload.h"

static json_t *make_symptom(const struct act_symptom *symptom)
{
	json_t *o;

	if (symptom->code == SYMPTOM_UNKNOWN)
		return json_null();
	o = json_object();
	payload_set_text(o, "code", symptom_code_to_string(symptom->code));
	payload_set_text(o, "site", body_site_to_string(symptom->site));
	payload_set_text(o, "side", side_to_string(symptom->side));
	json_object_set_new(o, "intensity",
		symptom->intensity < 0 ? json_null() : json_integer(symptom->intensity));
	return o;
}

char *logbook_act_text(const struct act_result *act, const struct wall_clock *clock)
{
	json_t *o = json_object();
	char *text;

	payload_set_text(o, "act", act_to_string(act->act));
	payload_set_time(o, "time", clock, act->t_us);
	payload_set_text(o, "athlete", act->athlete);
	payload_set_text(o, "kit", act->kit);
	payload_set_text(o, "by", act->by);
	payload_set_text(o, "exercise",
		act->exercise == EXERCISE_NONE ? NULL : exercise_to_string(act->exercise));
	payload_set_text(o, "alert", act->alert);
	payload_set_text(o, "pop", act->pop);
	payload_set_text(
		o, "class", act->class == POP_CLASS_COUNT ? NULL : pop_class_to_string(act->class));
	payload_set_text(o, "reason", act->reason);
	json_object_set_new(o, "symptom", make_symptom(&act->symptom));
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}
