// SPDX-License-Identifier: MIT
/* Prints what a brain and its radios say to each other, of each kind several, for check-schemas. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/message-print.h"
#include "coxad/wire/radio-batch.h"
#include "coxad/wire/radio-brain.h"
#include "coxad/wire/radio-heard.h"
#include "coxad/wire/radio-list.h"
#include "coxad/wire/radio-message.h"
#include "coxad/wire/radio-order.h"
#include "coxad/wire/radio-status.h"

#define TOPIC  "coxa/v1/gym/"
#define ROUNDS 8

static char text[RADIO_HEARD_MAX];

static void print(const char *topic, size_t size, unsigned qos, bool retain)
{
	static char line[2 * RADIO_HEARD_MAX];
	struct message message = {
		.topic = topic, .payload = text, .size = size, .qos = qos, .retain = retain};

	if (message_print_line(&message, line, sizeof(line)) < 0) {
		fprintf(stderr, "print-radio-messages: %s\n", topic);
		exit(1);
	}
	fputs(line, stdout);
}

static void status(unsigned i)
{
	struct radio_status value = {.is_online = i & 1,
		.version = "1.0",
		.protocol = RADIO_BATCH_PROTOCOL,
		.boot = 1 + i,
		.n_adapters = i};

	for (unsigned k = 0; k < i; k++)
		value.adapter[k] = (struct radio_status_adapter){"00:1A:7D:DA:71:13", k, 0, i};
	print(TOPIC "radio/mat-2/status", radio_status_write(&value, text), 1, true);
}

static void heard(unsigned i)
{
	static struct radio_heard value;

	value.n = i;
	for (unsigned k = 0; k < i; k++) {
		value.wearable[k] = (struct radio_heard_wearable){.address = "C0:A5:00:00:00:01",
			.rssi_dbm = (int8_t)(RADIO_HEARD_NO_RSSI + (int)k),
			.is_bonded = k & 1,
			.is_connected = k & 2,
			.problem = (enum wearable_problem)(k % WEARABLE_PROBLEM_COUNT)};
		if (k & 4)
			strcpy(value.wearable[k].driver, "coxa");
	}
	print(TOPIC "radio/mat-2/heard", radio_heard_write(&value, text), 0, false);
}

static void list(unsigned i)
{
	static struct radio_list value;

	value.epoch = 1 + i;
	value.n = i;
	for (unsigned k = 0; k < i; k++) {
		value.wearable[k] = (struct radio_list_wearable){.address = "C0:A5:00:00:00:01",
			.is_served = k & 1,
			.notify = (enum notify_mode)(k % 3),
			.has_notify = k & 2,
			.bond = k & 4,
			.placement = (enum placement)(k % PLACEMENT_COUNT)};
		if (k & 2)
			strcpy(value.wearable[k].driver, "coxa");
		if (k & 4)
			strcpy(value.wearable[k].kit, "3");
		if (k & 4)
			strcpy(value.wearable[k].radio, "mat-1");
	}
	print(TOPIC "radio/mat-2/wearables", radio_list_write(&value, text), 1, true);
}

static void order(unsigned i)
{
	static const int errors[] = {0, -ENOTCONN, -EAGAIN, -ENODEV, -EIO};
	struct radio_order value = {.number = 1 + i,
		.address = "C0:A5:00:00:00:01",
		.size = 1 + i,
		.wants_response = i & 1,
		.reply = (uint8_t)i};
	struct radio_order_answer answer = {1 + i, errors[i % ARRAY_LEN(errors)]};

	print(TOPIC "radio/mat-2/order", radio_order_write(&value, text), 1, false);
	print(TOPIC "radio/mat-2/answer", radio_order_write_answer(&answer, text), 1, false);
}

static void flow(unsigned i)
{
	struct radio_flow value = {1 + i, i & 1 ? i : 0, i & 1 ? 0 : 1 + i};
	struct radio_clock_answer clock = {1 + i, 1, i, i, i, 0};

	print(TOPIC "radio/mat-2/flow", radio_message_write_flow(&value, text), 1, false);
	print(TOPIC "radio/mat-2/clock", radio_message_write_clock(&clock, i & 1, text), 0, false);
}

static void brain(unsigned i)
{
	struct radio_brain value = {.is_online = i & 1,
		.since_wall_us = i & 2 ? INT64_C(1795368600000000) : 0,
		.epoch = 1 + i,
		.version = "1.0",
		.protocol = RADIO_BATCH_PROTOCOL};

	print(TOPIC "brain/office/status", radio_brain_write(&value, text), 1, true);
}

int main(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		status(i);
		heard(i);
		list(i);
		order(i);
		flow(i);
		brain(i);
	}
	return 0;
}
