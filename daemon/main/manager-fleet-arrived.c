// SPDX-License-Identifier: MIT
#include "daemon/main/manager-fleet-arrived.h"

#include <string.h>

#include "coxad/loop/clock.h"
#include "coxad/wire/radio-brain.h"
#include "coxad/wire/radio-order.h"

static void note_brain(struct manager_fleet *f, const char *name,
	const struct fleet_arrival *arrival, int64_t now_us)
{
	struct radio_brain brain;

	if (!arrival->size)
		brain = (struct radio_brain){0};
	else if (radio_brain_read(arrival->payload, arrival->size, &brain) < 0) {
		f->refused++;
		return;
	}
	brain_lead_note(&f->lead, now_us, name, brain.is_online, brain.epoch);
}

static void note_status(struct manager_fleet *f, const char *radio,
	const struct fleet_arrival *arrival, int64_t now_us)
{
	struct radio_status status;

	if (!arrival->size)
		radio_fleet_forget(f->radios, radio);
	else if (radio_status_read(arrival->payload, arrival->size, &status) < 0)
		f->refused++;
	else
		radio_fleet_status(f->radios, radio, &status, arrival->is_retained, now_us);
}

static void note_problem(
	struct manager_fleet *f, const char *radio, const struct radio_heard_wearable *heard)
{
	int index = conf_find_address(f->manager->conf, heard->address);
	const char *where = index < 0 ? NULL : radio_fleet_where(f->radios, (unsigned)index);

	if (!where || strcmp(where, radio) != 0 || f->problem[index] == heard->problem)
		return;
	f->problem[index] = heard->problem;
	f->ops->problem(f->manager, (unsigned)index, heard->problem);
}

static void note_heard(struct manager_fleet *f, const char *radio,
	const struct fleet_arrival *arrival, int64_t now_us)
{
	struct radio_heard *heard = &f->scratch.heard;

	if (arrival->is_retained)
		return;
	if (radio_heard_read(arrival->payload, arrival->size, heard) < 0) {
		f->refused++;
		return;
	}
	radio_fleet_heard(f->radios, radio, heard, now_us);
	for (unsigned i = 0; i < heard->n; i++)
		note_problem(f, radio, &heard->wearable[i]);
}

/* Of an earlier brain; our own come back to us. */
static void note_list(
	struct manager_fleet *f, const char *radio, const struct fleet_arrival *arrival)
{
	if (!f->has_led && radio_list_read(arrival->payload, arrival->size, &f->scratch.list) == 0)
		radio_fleet_recall(f->radios, radio, &f->scratch.list);
}

static void note_answer(struct manager_fleet *f, const struct fleet_arrival *arrival)
{
	struct radio_order_answer answer;

	if (radio_order_read_answer(arrival->payload, arrival->size, &answer) < 0)
		f->refused++;
	else
		f->orders_failed += answer.error < 0;
}

static void note_batch(struct manager_fleet *f, const char *radio,
	const struct fleet_arrival *arrival, int64_t now_us)
{
	radio_hub_batch(f->hub, radio, arrival->payload, arrival->size, now_us);
	if (f->settle_us == T_NEVER && fleet_done_is_behind(f->hub))
		f->settle_us = now_us + MANAGER_FLEET_SETTLE_US;
}

/* What follows from these is published, which is for the brain that leads alone. */
static void note_live(struct manager_fleet *f, const struct fleet_topic *topic,
	const struct fleet_arrival *arrival, int64_t now_us)
{
	if (arrival->is_retained || !f->lead.is_leading)
		return;
	radio_fleet_alive(f->radios, topic->name, now_us);
	if (topic->kind == FLEET_TOPIC_EVENTS)
		note_batch(f, topic->name, arrival, now_us);
	else if (topic->kind == FLEET_TOPIC_CLOCK)
		radio_hub_clock(
			f->hub, topic->name, arrival->payload, arrival->size, arrival->arrived_us);
	else
		note_answer(f, arrival);
}

void manager_fleet_arrived(struct manager_fleet *f, const struct fleet_topic *topic,
	const struct fleet_arrival *arrival)
{
	int64_t now_us = clock_now_us();

	switch (topic->kind) {
	case FLEET_TOPIC_BRAIN:
		note_brain(f, topic->name, arrival, now_us);
		break;
	case FLEET_TOPIC_STATUS:
		note_status(f, topic->name, arrival, now_us);
		break;
	case FLEET_TOPIC_HEARD:
		note_heard(f, topic->name, arrival, now_us);
		break;
	case FLEET_TOPIC_WEARABLES:
		note_list(f, topic->name, arrival);
		break;
	case FLEET_TOPIC_EVENTS:
	case FLEET_TOPIC_CLOCK:
	case FLEET_TOPIC_ANSWER:
		note_live(f, topic, arrival, now_us);
		break;
	case FLEET_TOPIC_COUNT:
		break;
	}
}
