// SPDX-License-Identifier: MIT
/* What several radios say of one wearable comes in any order, and is told apart by its arrivals:
 *
 *   A  connected ... symptom (cut off)                             symptom, disconnected (told now)
 *   B                         connected  motion  motion  motion
 *
 * A wearable accepts one central, so the link through B is the later one, and A's end is not its end.
 */
#include "daemon/flow/intake-event.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/flow/intake-private.h"

enum link { THIS, EARLIER, LATER };

static int64_t arrival_of(const struct capture_event *event)
{
	return event->t_us - event->delay_us;
}

static const char *radio_of(const struct capture_event *event)
{
	return event->radio ? event->radio : "";
}

static enum link link_of(const struct intake *intake, const struct capture_event *event)
{
	int64_t arrival_us = arrival_of(event);

	if (strcmp(intake->radio, radio_of(event)) == 0)
		return THIS;
	/* In doubt: there is no other word of a connection, and a packet of it shows the other radio again. */
	if (event->kind == CAPTURE_CONNECTED)
		arrival_us += event->unc_us + intake->link_unc_us;
	return arrival_us > intake->link_us || !intake->was_connected ? LATER : EARLIER;
}

/* A wearable that moves to another radio, whose clock is known less well, may seem to go back. */
static void note_arrival(struct intake *intake, const struct capture_event *event)
{
	int64_t back_us = intake->arrival_us - arrival_of(event);

	intake->now_us = event->t_us;
	intake->radio_unc_us = event->unc_us;
	if (back_us > 0)
		intake->radio_unc_us += back_us;
	else
		intake->arrival_us -= back_us;
}

static struct driver_input input_of(const struct intake *intake, const struct capture_event *event)
{
	return (struct driver_input){
		.characteristic = &event->characteristic,
		.origin = event->kind == CAPTURE_READ ? DRIVER_ORIGIN_READ : DRIVER_ORIGIN_NOTIFY,
		.data = event->value,
		.size = event->size,
		.arrival_us = intake->arrival_us,
	};
}

/* Its pops and symptoms are taken. Its streams have a gap that is reported already, and would only confuse
 * the driver, which counts packets. */
static void take_earlier(struct intake *intake, const struct capture_event *event)
{
	int64_t newest_us = intake->arrival_us;
	struct driver_input input;
	int r;

	if (event->kind != CAPTURE_NOTIFY || !intake->driver)
		return;
	if (!intake->spare)
		intake->spare = alloc_zero(1, intake->driver->state_size);
	memcpy(intake->spare, intake->state, intake->driver->state_size);
	intake->now_us = event->t_us;
	intake->arrival_us = arrival_of(event);
	intake->radio_unc_us = event->unc_us;
	intake->is_data = false;
	intake->refusal = REASON_NONE;
	intake->is_earlier = true;
	input = input_of(intake, event);
	r = intake_decode(intake, &input);
	if (!intake->is_data)
		memcpy(intake->state, intake->spare, intake->driver->state_size);
	if (r < 0 || intake->refusal)
		diag_add(&intake->diag, REASON_STALE, newest_us);
	intake->is_earlier = false;
	intake->arrival_us = newest_us;
	intake_advance(intake, event->t_us);
}

/* Through which adapter it is about to be connected; NULL: unknown. */
static void set_host(struct intake *intake, const char *adapter, enum wearable_bond bond)
{
	intake->bond = bond;
	snprintf(intake->adapter, sizeof(intake->adapter), "%s", adapter ? adapter : "");
}

/* To the radio of a link that began later. False: there is none. */
static bool follow(struct intake *intake, const struct capture_event *event)
{
	/* The end of a link that was lost while another began, or how loud it was. */
	if (event->kind == CAPTURE_DISCONNECTED || event->kind == CAPTURE_RSSI)
		return false;
	snprintf(intake->radio, sizeof(intake->radio), "%s", radio_of(event));
	intake->has_news = true;
	if (event->kind == CAPTURE_CONNECTED)
		return true;
	/* It was not told that it is connected there. */
	set_host(intake, NULL, WEARABLE_BOND_UNKNOWN);
	intake_connected(intake, intake->arrival_us, 0);
	return true;
}

static void take(struct intake *intake, const struct capture_event *event)
{
	struct driver_input input;

	if (event->kind == CAPTURE_CONNECTED) {
		set_host(intake, event->adapter, event->bond);
		intake_connected(intake, intake->arrival_us, event->mtu);
	} else if (event->kind == CAPTURE_DISCONNECTED) {
		intake_disconnected(intake, intake->arrival_us);
	} else if (event->kind == CAPTURE_RSSI) {
		intake_rssi(intake, intake->arrival_us, event->rssi_dbm);
	} else if (event->kind == CAPTURE_READ || event->kind == CAPTURE_NOTIFY) {
		input = input_of(intake, event);
		intake_bytes(intake, &input);
	}
}

void intake_event(struct intake *intake, const struct capture_event *event)
{
	enum link link = link_of(intake, event);

	if (link == EARLIER) {
		take_earlier(intake, event);
		return;
	}
	note_arrival(intake, event);
	if (link == LATER && !follow(intake, event))
		return;
	intake->link_us = arrival_of(event);
	intake->link_unc_us = event->unc_us;
	take(intake, event);
}
