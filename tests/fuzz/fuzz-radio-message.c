// SPDX-License-Identifier: MIT
/* What a brain and a radio say to each other: what is accepted stays the same when it is written and
 * read again, and no clock goes back whatever a radio answers. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/wire/radio-message.h"

static void flow(const char *text, size_t size)
{
	struct radio_flow one, two;
	char again[RADIO_MESSAGE_MAX];

	if (radio_message_read_flow(text, size, &one) < 0)
		return;
	size = radio_message_write_flow(&one, again);
	if (radio_message_read_flow(again, size, &two) < 0 || memcmp(&one, &two, sizeof(one)) != 0)
		abort();
}

static void answer(struct radio_clock_answer clock)
{
	struct radio_clock_time first, second;
	struct radio_clock radio;

	radio_clock_init(&radio);
	while (radio.number < clock.number && radio.number < RADIO_CLOCK_ASKED)
		radio_clock_ask(&radio, clock.t1_us);
	clock.t4_us = clock.t1_us + 1000;
	if (radio_clock_answer(&radio, &clock) < 0)
		return;
	first = radio_clock_convert(&radio, clock.t3_us, clock.t4_us);
	second = radio_clock_convert(&radio, clock.t2_us, clock.t4_us);
	if (!radio_clock_knows(&radio, clock.boot) || second.t_us < first.t_us ||
		second.t_us > clock.t4_us || second.unc_us < 0)
		abort();
}

static void clock_(const char *text, size_t size)
{
	struct radio_clock_answer one, two;
	char again[RADIO_MESSAGE_MAX];
	int r = radio_message_read_clock(text, size, &one);

	if (r < 0)
		return;
	size = radio_message_write_clock(&one, r == 1, again);
	if (radio_message_read_clock(again, size, &two) != r ||
		memcmp(&one, &two, sizeof(one)) != 0)
		abort();
	if (r == 1)
		answer(one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	flow((const char *)data, size);
	clock_((const char *)data, size);
	return 0;
}
