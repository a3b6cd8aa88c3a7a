// SPDX-License-Identifier: MIT
#include "daemon/flow/gateway-wearable.h"

#include "coxad/base/units.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/flow/gateway-inventory.h"
#include "daemon/flow/gateway-deliver.h"
#include "daemon/flow/gateway-flood.h"
#include "daemon/flow/gateway-memory.h"
#include "daemon/flow/gateway-watch-private.h"
#include "daemon/flow/intake-event.h"

/* A wearable's status is published when it changes, at most once a second. */
#define STATUS_INTERVAL_US US_PER_S

void gateway_wearable_publish(struct gateway_wearable *w)
{
	struct gateway *g = w->gateway;
	struct wearable_result status;

	intake_status(w->intake, g->now_us, &status);
	w->is_dirty = false;
	w->next_status_us = g->now_us + STATUS_INTERVAL_US;
	gateway_deliver_result(g, &(struct result){RESULT_WEARABLE, .wearable = &status});
}

static int64_t wearable_deadline(const struct gateway_wearable *w)
{
	int64_t next = intake_deadline(w->intake);

	return w->is_dirty && w->next_status_us < next ? w->next_status_us : next;
}

void gateway_wearable_note_deadline(const struct gateway_wearable *w)
{
	int64_t t = wearable_deadline(w);

	if (t < w->gateway->wearables_due_us)
		w->gateway->wearables_due_us = t;
}

static void on_changed(void *user, unsigned index, bool is_state)
{
	struct gateway_wearable *w = user;
	struct gateway *g = w->gateway;

	w->is_dirty = true;
	gateway_wearable_note_deadline(w);
	gateway_inventory_look(g, index);
	if (is_state)
		pipeline_wearable(g->pipeline, g->now_us, index, intake_state(w->intake),
			intake_streams(w->intake));
}

static void on_record(void *user, const struct record *record)
{
	struct gateway_wearable *w = user;
	struct gateway *g = w->gateway;

	if (record->kind == RECORD_MOTION)
		g->count.samples += record->motion.n;
	else if (record->kind == RECORD_ORIENTATION)
		g->count.samples += record->orientation.n;
	else if (record->kind == RECORD_POP)
		g->count.pops++;
	else if (record->kind == RECORD_SYMPTOM)
		g->count.symptoms++;
	if (record->kind == RECORD_POP || record->kind == RECORD_INFO)
		w->remember_us = 0;
	if (record->kind == RECORD_INFO)
		gateway_inventory_look(g, w->index);
	gateway_watch_record(w, record);
	pipeline_record(g->pipeline, g->now_us, record);
	gateway_flood_check(w);
}

static const struct intake_ops intake_ops = {.record = on_record, .changed = on_changed};

void gateway_wearable_make(struct gateway *g, unsigned index)
{
	struct gateway_wearable *w = &g->wearable[index];
	const char *driver = g->conf->wearable[index].driver;

	intake_free(w->intake);
	*w = (struct gateway_wearable){.gateway = g, .index = index};
	w->intake = intake_new(index, driver ? driver_list_find(driver) : NULL, &g->conf->analysis,
		&intake_ops, w);
	intake_set_trace(w->intake, &(struct trace){g->tracer, g->conf->wearable[index].name});
}

void gateway_wearable_advance_all(struct gateway *g)
{
	g->wearables_due_us = T_NEVER;
	for (unsigned i = 0; i < g->conf->n_wearables; i++) {
		struct gateway_wearable *w = &g->wearable[i];

		if (g->conf->wearable[i].is_gone)
			continue;
		if (intake_deadline(w->intake) <= g->now_us)
			intake_advance(w->intake, g->now_us);
		if (w->is_dirty && w->next_status_us <= g->now_us)
			gateway_wearable_publish(w);
		gateway_wearable_note_deadline(w);
	}
}

void gateway_wearable_event(struct gateway *g, const struct capture_event *event)
{
	int index = conf_find_address(g->conf, event->address);
	struct intake *intake;

	if (index < 0) {
		g->count.packets_unknown++;
		return;
	}
	intake = g->wearable[index].intake;
	intake_event(intake, event);
	gateway_memory_keep_wearable(&g->wearable[index]);
	gateway_wearable_note_deadline(&g->wearable[index]);
}
