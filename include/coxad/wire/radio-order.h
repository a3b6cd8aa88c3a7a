// SPDX-License-Identifier: MIT
#pragma once
/* radio/<radio>/order: a write to a wearable that the radio serves, and radio/<radio>/answer. Pure values.
 *
 *   {"n":5,"w":"C0:A5:00:00:00:01","c":"c0a50006-...","v":"0103","response":true,"reply":129,"busy":3}
 *   {"n":5,"error":"not_connected"}
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/address.h"
#include "coxad/base/uuid.h"

#define RADIO_ORDER_MAX       512
#define RADIO_ORDER_BYTES_MAX 64

struct radio_order {
	int64_t number; /* from 1 */
	char address[ADDRESS_SIZE];
	struct uuid characteristic;
	uint8_t bytes[RADIO_ORDER_BYTES_MAX];
	size_t size;
	bool wants_response; /* a write request, no command */
	uint8_t reply, busy; /* struct driver_step: answer, busy */
};

struct radio_order_answer {
	int64_t number;
	/* 0; -ENOTCONN: it is not connected; -EAGAIN: too many wait; -ENODEV: the radio does not
	 * serve it; -EIO: anything else */
	int error;
};

/* Both return the size. */
size_t radio_order_write(const struct radio_order *order, char ret[static RADIO_ORDER_MAX]);
size_t radio_order_write_answer(
	const struct radio_order_answer *answer, char ret[static RADIO_ORDER_MAX]);
/* -EINVAL: it is none. */
int radio_order_read(const char *text, size_t size, struct radio_order *ret);
int radio_order_read_answer(const char *text, size_t size, struct radio_order_answer *ret);
