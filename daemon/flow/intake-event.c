// SPDX-License-Identifier: MIT
#include "daemon/flow/intake-event.h"

static void take_bytes(struct intake *intake, const struct capture_event *event)
{
	intake_bytes(intake, &(struct driver_input){
				     .characteristic = &event->characteristic,
				     .origin = event->kind == CAPTURE_READ ? DRIVER_ORIGIN_READ
									   : DRIVER_ORIGIN_NOTIFY,
				     .data = event->value,
				     .size = event->size,
				     .arrival_us = event->t_us,
			     });
}

void intake_event(struct intake *intake, const struct capture_event *event)
{
	if (event->kind == CAPTURE_CONNECTED)
		intake_connected(intake, event->t_us, event->mtu);
	else if (event->kind == CAPTURE_DISCONNECTED)
		intake_disconnected(intake, event->t_us);
	else if (event->kind == CAPTURE_RSSI)
		intake_rssi(intake, event->t_us, event->rssi_dbm);
	else if (event->kind == CAPTURE_READ || event->kind == CAPTURE_NOTIFY)
		take_bytes(intake, event);
}
