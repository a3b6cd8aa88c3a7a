// SPDX-License-Identifier: MIT
/* A brain whose radios send anything, in any order: messages are separated by a byte 0, their first byte
 * says which radio, topic and pause. What comes out has a time that the brain can have, of a wearable
 * that the radio serves, and can be recorded. Half of the radios' clocks are known. */
#include "tests/fuzz/fuzz-main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/flow/radio-hub.h"
#include "coxad/wire/radio-message.h"

#define RADIOS     4
#define FIRST_BOOT 7

struct world {
	struct radio_hub *hub;
	int64_t now_us;
	int64_t last_us[RADIOS];
	bool is_answering;
};

static const char *const names[RADIOS] = {"mat-0", "mat-1", "mat-2", "mat-3"};

static unsigned index_of(const char *name)
{
	if (strncmp(name, "mat-", 4) != 0 || name[4] < '0' || name[4] >= '0' + RADIOS)
		abort();
	return (unsigned)(name[4] - '0');
}

static bool serves(void *user, const char *radio, const char *address)
{
	return (unsigned)(address[16] - '0') % RADIOS == index_of(radio);
}

static void on_event(void *user, const struct capture_event *event)
{
	static char line[CAPTURE_LINE_MAX + 64];
	struct world *w = user;
	unsigned radio = index_of(event->radio);
	int64_t arrival_us = event->t_us - event->delay_us;

	if (event->t_us != w->now_us || arrival_us < w->last_us[radio] || event->delay_us < 0 ||
		event->unc_us < 0 || event->unc_us > CAPTURE_UNC_MAX_US || !event->address ||
		!serves(NULL, event->radio, event->address) ||
		capture_encode(event, line, sizeof(line)) < 0)
		abort();
	w->last_us[radio] = arrival_us;
}

static void on_flow(void *user, const char *radio, const char *text, size_t size)
{
	struct radio_flow flow;

	index_of(radio);
	if (radio_message_read_flow(text, size, &flow) < 0)
		abort();
}

/* The first two radios answer the first question, as of their first boot. */
static void on_question(void *user, const char *radio, const char *text, size_t size)
{
	struct world *w = user;
	struct radio_clock_answer clock;
	char answer[RADIO_MESSAGE_MAX];

	if (radio_message_read_clock(text, size, &clock) != 0)
		abort();
	if (!w->is_answering || index_of(radio) >= RADIOS / 2)
		return;
	clock.boot = FIRST_BOOT;
	clock.t2_us = clock.t3_us = 1000;
	size = radio_message_write_clock(&clock, true, answer);
	radio_hub_clock(w->hub, radio, answer, size, w->now_us + 50);
}

static const struct radio_hub_ops ops = {
	.event = on_event, .serves = serves, .flow = on_flow, .clock = on_question};

static void take(struct world *w, const uint8_t *data, size_t size)
{
	const char *name = names[data[0] % RADIOS], *text = (const char *)data + 1;

	w->now_us += (int64_t)(data[0] >> 4) * US_PER_S / 8;
	if (data[0] & 4)
		radio_hub_clock(w->hub, name, text, size - 1, w->now_us);
	else
		radio_hub_batch(w->hub, name, text, size - 1, w->now_us);
	radio_hub_advance(w->hub, w->now_us);
	if (radio_hub_deadline(w->hub) <= w->now_us)
		abort();
	if (data[0] & 8)
		radio_hub_settle(w->hub);
	radio_hub_mark(w->hub);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = {.now_us = 1000 * (int64_t)US_PER_S, .is_answering = true};
	const uint8_t *end = data + size;
	struct radio_hub_status status;

	w.hub = radio_hub_new(&ops, &w);
	for (unsigned i = 0; i < RADIOS; i++)
		radio_hub_batch(w.hub, names[i], "", 0, w.now_us);
	radio_hub_advance(w.hub, w.now_us);
	w.is_answering = false;
	w.now_us += 100;
	while (data < end) {
		const uint8_t *zero = memchr(data, 0, (size_t)(end - data));
		size_t length = (size_t)((zero ? zero : end) - data);

		if (length)
			take(&w, data, length);
		data += length + (zero != NULL);
	}
	for (unsigned i = 0; radio_hub_status(w.hub, i, &status); i++)
		if (status.done < 0 || status.unc_us < -1)
			abort();
	radio_hub_free(w.hub);
	return 0;
}
