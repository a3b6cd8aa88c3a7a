// SPDX-License-Identifier: MIT
#include "daemon/flow/intake-event.h"

#include "daemon/flow/intake-private.h"

/* A wearable that moves to another radio, whose clock is known less well, may seem to go back. */
static void note_arrival(struct intake *intake, const struct capture_event *event)
{
	int64_t arrival_us = event->t_us - event->delay_us;
	int64_t back_us = intake->arrival_us - arrival_us;

	intake->now_us = event->t_us;
	intake->radio_unc_us = event->unc_us;
	if (back_us > 0)
		intake->radio_unc_us += back_us;
	else
		intake->arrival_us = arrival_us;
}

static void take_bytes(struct intake *intake, const struct capture_event *event)
{
	intake_bytes(intake, &(struct driver_input){
				     .characteristic = &event->characteristic,
				     .origin = event->kind == CAPTURE_READ ? DRIVER_ORIGIN_READ
									   : DRIVER_ORIGIN_NOTIFY,
				     .data = event->value,
				     .size = event->size,
				     .arrival_us = intake->arrival_us,
			     });
}

void intake_event(struct intake *intake, const struct capture_event *event)
{
	note_arrival(intake, event);
	if (event->kind == CAPTURE_CONNECTED)
		intake_connected(intake, intake->arrival_us, event->mtu);
	else if (event->kind == CAPTURE_DISCONNECTED)
		intake_disconnected(intake, intake->arrival_us);
	else if (event->kind == CAPTURE_RSSI)
		intake_rssi(intake, intake->arrival_us, event->rssi_dbm);
	else if (event->kind == CAPTURE_READ || event->kind == CAPTURE_NOTIFY)
		take_bytes(intake, event);
}
