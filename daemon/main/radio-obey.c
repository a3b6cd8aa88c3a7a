// SPDX-License-Identifier: MIT
#include "daemon/main/radio-obey.h"

#include <errno.h>
#include <string.h>

#include "coxad/wire/radio-order.h"
#include "daemon/main/radio-send.h"

_Static_assert(RADIO_ORDER_BYTES_MAX == DRIVER_WRITE_MAX, "whatever a driver writes");

static int carry_out(struct radio *r, const struct radio_order *order)
{
	struct driver_step step = {
		.kind = order->wants_response ? DRIVER_STEP_WRITE : DRIVER_STEP_WRITE_COMMAND,
		.characteristic = order->characteristic,
		.size = order->size,
		.answer = order->reply,
		.busy = order->busy};
	int wearable = conf_find_address(r->conf, order->address);

	if (wearable < 0)
		return -ENODEV;
	memcpy(step.bytes, order->bytes, order->size);
	return r->source ? source_bluez_write(r->source, (unsigned)wearable, &step) : -ENOTCONN;
}

void radio_obey(struct radio *r, const char *text, size_t size)
{
	struct radio_order_answer answer;
	struct radio_order order;
	char reply[RADIO_ORDER_MAX];

	if (radio_order_read(text, size, &order) < 0) {
		journal_write_limited(&r->odd_limit, LOG_WARNING, "broker",
			"an order of the brain makes no sense; ignored");
		return;
	}
	answer = (struct radio_order_answer){order.number, carry_out(r, &order)};
	size = radio_order_write_answer(&answer, reply);
	radio_send(r, "answer", reply, size, 1);
}
