// SPDX-License-Identifier: MIT
#include "daemon/core/judge/alert.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/judge/judge-output.h"
#include "coxad/base/list.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/memory.h"

static enum alert_cause cause_of(const struct alert_result *alert)
{
	if (alert->class == POP_CLASS_REVIEW)
		return ALERT_CAUSE_CALL;
	return alert->severity >= 3 ? ALERT_CAUSE_RED : ALERT_CAUSE_OTHER;
}

static int find(const struct athlete *a, enum alert_cause cause)
{
	for (unsigned i = 0; i < a->memory.n_alerts; i++)
		if (cause_of(&a->memory.alert[i]) == cause)
			return (int)i;
	return -1;
}

bool alert_is_open(const struct athlete *a, enum alert_cause cause)
{
	return find(a, cause) >= 0;
}

/* True if the id is new. The first id is never dropped: the alert was raised for it. */
static bool add_id(struct judge *j, char ids[][ID_SIZE], unsigned *n, const char *id)
{
	if (!id)
		return false;
	for (unsigned i = 0; i < *n; i++)
		if (strcmp(ids[i], id) == 0)
			return false;
	if (*n == ALERT_REFS_MAX) {
		list_drop(ids, *n, 1);
		j->counters.references_dropped++;
	}
	snprintf(ids[(*n)++], ID_SIZE, "%s", id);
	return true;
}

static struct alert_result *raise_new(
	struct judge *j, struct athlete *a, int64_t now_us, const struct alert_update *update)
{
	struct alert_result *alert;

	/* There are fewer causes than slots, so only a damaged history fills the list. */
	if (a->memory.n_alerts == MEMORY_ALERTS_MAX)
		a->alerts_touched >>= 1;
	alert = list_add(a->memory.alert, a->memory.n_alerts, MEMORY_ALERTS_MAX);
	*alert = (struct alert_result){
		.state = ALERT_STATE_RAISED,
		.t_raised_us = now_us,
		.time_uncertainty_ms = update->time_uncertainty_ms,
		.severity = update->severity,
		.class = update->class,
	};
	judge_output_id(j, alert->alert);
	memcpy(alert->athlete, a->memory.athlete, sizeof(alert->athlete));
	snprintf(alert->kit, sizeof(alert->kit), "%s", kit_state_name(j, update->kit, a));
	a->alerts_touched |= 1u << (a->memory.n_alerts - 1);
	a->memory.tally.alerts_raised++;
	return alert;
}

void alert_join(
	struct judge *j, struct athlete *a, int64_t now_us, const struct alert_update *update)
{
	int at = find(a, update->cause);
	struct alert_result *alert =
		at < 0 ? raise_new(j, a, now_us, update) : &a->memory.alert[at];
	bool changed = at < 0 || update->is_again;
	const struct trace trace = judge_trace(j, a);

	changed |= add_id(j, alert->pops, &alert->n_pops, update->pop);
	changed |= add_id(j, alert->symptoms, &alert->n_symptoms, update->symptom);
	changed |= update->severity > alert->severity || (update->reasons & ~alert->reasons);
	changed |= update->class == POP_CLASS_RED_FLAG && alert->class != POP_CLASS_RED_FLAG;
	TRACE(&trace, SYMPTOM, now_us, "alert %s %s: severity %u, pop %s, symptom %s", alert->alert,
		at < 0    ? "raised"
		: changed ? "updated"
			  : "unchanged",
		update->severity, update->pop ? update->pop : "-",
		update->symptom ? update->symptom : "-");
	if (!changed)
		return;
	alert->reasons |= update->reasons;
	if (update->severity > alert->severity)
		alert->severity = update->severity;
	if (update->class == POP_CLASS_RED_FLAG)
		alert->class = POP_CLASS_RED_FLAG;
	alert->t_us = now_us;
	if (at >= 0 && !(a->alerts_touched & 1u << at)) {
		alert->state = ALERT_STATE_UPDATED;
		alert->by[0] = '\0';
		a->alerts_touched |= 1u << at;
	}
	a->alerts_changed = true;
	a->is_touched = true;
}

static void note_decision(struct athlete *a, int64_t now_us, enum decision kind, const char *by,
	const struct alert_result *alert)
{
	struct memory_decision *d = memory_add_decision(a, now_us, kind, by);

	memcpy(d->subject, alert->alert, ID_SIZE);
	d->was = d->now = alert->class;
	d->severity = alert->severity;
}

static void note_acknowledged(
	struct judge *j, const struct athlete *a, int64_t now_us, const struct alert_result *alert)
{
	struct act_result act = {.act = ACT_ACKNOWLEDGE};

	memcpy(act.kit, alert->kit, sizeof(act.kit));
	memcpy(act.alert, alert->alert, sizeof(act.alert));
	memcpy(act.by, alert->by, sizeof(act.by));
	judge_output_act(j, a, now_us, &act);
}

int alert_acknowledge(struct judge *j, int64_t now_us, const char *id, const char *by)
{
	for (unsigned i = 0; i < j->n_athletes; i++) {
		struct athlete *a = j->athlete[i];

		for (unsigned k = 0; k < a->memory.n_alerts; k++) {
			struct alert_result *alert = &a->memory.alert[k];

			if (strcmp(alert->alert, id) != 0)
				continue;
			note_decision(a, now_us, DECISION_ACKNOWLEDGE, by, alert);
			alert->state = ALERT_STATE_ACKNOWLEDGED;
			alert->t_us = now_us;
			snprintf(alert->by, sizeof(alert->by), "%s", by);
			a->alerts_touched |= 1u << k;
			a->alerts_changed = true;
			a->is_touched = true;
			note_acknowledged(j, a, now_us, alert);
			return 0;
		}
	}
	return -ENOENT;
}

static void publish(struct judge *j, const struct alert_result *alert, int64_t now_us)
{
	j->ops->result(j->user, now_us, &(struct result){RESULT_ALERT, .alert = alert});
}

void alert_publish_list(struct judge *j, struct athlete *a, int64_t now_us)
{
	struct alerts_result list = {.n = a->memory.n_alerts};

	snprintf(list.athlete, sizeof(list.athlete), "%s", a->memory.athlete);
	memcpy(list.open, a->memory.alert, list.n * sizeof(list.open[0]));
	j->ops->result(j->user, now_us, &(struct result){RESULT_ALERTS, .alerts = &list});
}

void alert_flush(struct judge *j, struct athlete *a, int64_t now_us)
{
	for (unsigned i = 0; i < a->memory.n_alerts; i++)
		if (a->alerts_touched & 1u << i)
			publish(j, &a->memory.alert[i], now_us);
	if (a->alerts_changed)
		alert_publish_list(j, a, now_us);
	a->alerts_touched = 0;
	a->alerts_changed = false;
}

void alert_clear_all(struct judge *j, struct athlete *a, int64_t now_us, const char *by)
{
	for (unsigned i = 0; i < a->memory.n_alerts; i++) {
		struct alert_result *alert = &a->memory.alert[i];

		note_decision(a, now_us, DECISION_CLEAR_SYMPTOMS, by, alert);
		alert->state = ALERT_STATE_CLEARED;
		alert->t_us = now_us;
		snprintf(alert->by, sizeof(alert->by), "%s", by);
		publish(j, alert, now_us);
	}
	if (a->memory.n_alerts)
		a->alerts_changed = true;
	a->memory.n_alerts = 0;
	a->alerts_touched = 0;
	a->is_touched = true;
}
