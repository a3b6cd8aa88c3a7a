// SPDX-License-Identifier: MIT
#include "coxad/flow/radio-hub.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/fleet/radio-clock.h"
#include "coxad/core/fleet/radio-inbox.h"
#include "coxad/wire/radio-batch.h"
#include "coxad/wire/radio-message.h"

#define ASK_US    (US_PER_S / 4)
#define QUIET_US  (10 * (int64_t)US_PER_S) /* a radio that is gone is not asked */
#define FORGET_US (3600 * (int64_t)US_PER_S)

_Static_assert(RADIO_CLOCK_UNC_MAX_US <= CAPTURE_UNC_MAX_US, "what is stated fits into a capture");

struct radio {
	char *name;
	struct radio_inbox inbox;
	struct radio_clock clock;
	int64_t heard_us;
	int64_t ask_us; /* when its clock is asked for next */
	int64_t marked, marked_boot;
	uint64_t events, undated;
};

struct radio_hub {
	const struct radio_hub_ops *ops;
	void *user;
	struct radio_batch_reader *reader;
	unsigned n;
	struct radio radio[FLEET_RADIOS_MAX];
	uint64_t refused;
};

struct radio_hub *radio_hub_new(const struct radio_hub_ops *ops, void *user)
{
	struct radio_hub *hub = new0(struct radio_hub);

	hub->ops = ops;
	hub->user = user;
	hub->reader = radio_batch_reader_new(ops->serves, user);
	return hub;
}

struct radio_hub *radio_hub_free(struct radio_hub *hub)
{
	if (!hub)
		return NULL;
	radio_batch_reader_free(hub->reader);
	for (unsigned i = 0; i < hub->n; i++)
		free(hub->radio[i].name);
	free(hub);
	return NULL;
}

static bool is_known(const struct radio_hub *hub, const char *name)
{
	return hub->ops->knows && hub->ops->knows(hub->user, name);
}

/* Whether another radio may have its place. What is not on disk yet needs its number, and what was taken
 * from it is not to be taken again if it comes back. */
static bool is_over(
	const struct radio_hub *hub, const struct radio *radio, bool is_wanted, int64_t now_us)
{
	int64_t after_us = radio->inbox.now.boot ? FORGET_US : QUIET_US;

	return radio->inbox.now.done + 1 >= radio->inbox.now.next && !is_known(hub, radio->name) &&
	       (is_wanted || now_us - radio->heard_us >= after_us);
}

static bool is_less(const struct radio *a, const struct radio *b)
{
	if (!a->inbox.now.boot != !b->inbox.now.boot)
		return !a->inbox.now.boot;
	return a->heard_us < b->heard_us;
}

/* NULL: there is none. */
static struct radio *make_room(struct radio_hub *hub, const char *name, int64_t now_us)
{
	bool is_wanted = is_known(hub, name);
	struct radio *least = NULL;

	if (hub->n < FLEET_RADIOS_MAX)
		return &hub->radio[hub->n++];
	for (unsigned i = 0; i < hub->n; i++) {
		struct radio *radio = &hub->radio[i];

		if (is_over(hub, radio, is_wanted, now_us) && (!least || is_less(radio, least)))
			least = radio;
	}
	if (least)
		free(least->name);
	return least;
}

/* NULL: there is no room for another. */
static struct radio *find(struct radio_hub *hub, const char *name, int64_t now_us)
{
	struct radio *radio;

	for (unsigned i = 0; i < hub->n; i++)
		if (strcmp(hub->radio[i].name, name) == 0)
			return &hub->radio[i];
	radio = make_room(hub, name, now_us);
	if (!radio) {
		hub->refused++;
		return NULL;
	}
	*radio = (struct radio){.name = alloc_text(name)};
	radio_inbox_init(&radio->inbox);
	radio_clock_init(&radio->clock);
	return radio;
}

void radio_hub_restore(struct radio_hub *hub, const char *name, int64_t boot, int64_t done)
{
	struct radio *radio = find(hub, name, 0);

	if (radio)
		radio_inbox_restore(&radio->inbox, boot, done);
}

static void date(struct radio *radio, struct capture_event *event, int64_t now_us)
{
	struct radio_clock_time at = radio_clock_convert(&radio->clock, event->t_us, now_us);

	event->t_us = now_us;
	event->delay_us = now_us - at.t_us;
	event->unc_us = at.unc_us;
}

static void take_lines(struct radio_hub *hub, struct radio *radio, int64_t now_us)
{
	struct capture_event event;
	int r;

	while ((r = radio_batch_next(hub->reader, &event)) != 0) {
		if (r < 0) {
			radio->inbox.count[-r]++;
			continue;
		}
		date(radio, &event, now_us);
		radio->events++;
		hub->ops->event(hub->user, &event);
	}
}

void radio_hub_batch(
	struct radio_hub *hub, const char *name, const char *text, size_t size, int64_t now_us)
{
	struct radio *radio = find(hub, name, now_us);
	struct radio_batch_head head;
	enum radio_reason reason;

	if (!radio)
		return;
	radio->heard_us = now_us;
	reason = radio_batch_open(hub->reader, name, text, size, &head);
	if (reason != RADIO_REASON_NONE) {
		radio->inbox.count[reason]++;
		return;
	}
	if (!radio_clock_is_good(&radio->clock, head.span.boot)) {
		radio->undated++;
		return;
	}
	if (radio_inbox_offer(&radio->inbox, &head.span, now_us) == RADIO_REASON_NONE)
		take_lines(hub, radio, now_us);
}

void radio_hub_clock(
	struct radio_hub *hub, const char *name, const char *text, size_t size, int64_t t4_us)
{
	struct radio *radio = find(hub, name, t4_us);
	struct radio_clock_answer answer;
	int r = radio_message_read_clock(text, size, &answer);

	if (!radio || r == 0) /* our own question */
		return;
	if (r < 0) {
		radio->clock.refused++;
		return;
	}
	answer.t4_us = t4_us;
	if (radio_clock_answer(&radio->clock, &answer) >= 0)
		radio->heard_us = t4_us;
}

static bool waits(const struct radio_hub *hub, const struct radio *radio)
{
	return hub->ops->waits && hub->ops->waits(hub->user, radio->name);
}

void radio_hub_mark(struct radio_hub *hub)
{
	for (unsigned i = 0; i < hub->n; i++) {
		struct radio *radio = &hub->radio[i];

		if (waits(hub, radio))
			continue;
		radio->marked = radio->inbox.now.next - 1;
		radio->marked_boot = radio->inbox.now.boot;
	}
}

void radio_hub_settle(struct radio_hub *hub)
{
	for (unsigned i = 0; i < hub->n; i++)
		radio_inbox_settle(
			&hub->radio[i].inbox, hub->radio[i].marked_boot, hub->radio[i].marked);
}

/* T_NEVER: it is not heard. */
static int64_t ask_at(const struct radio *radio)
{
	return radio->ask_us - radio->heard_us < QUIET_US ? radio->ask_us : T_NEVER;
}

int64_t radio_hub_deadline(const struct radio_hub *hub)
{
	int64_t next_us = T_NEVER;

	for (unsigned i = 0; i < hub->n; i++) {
		int64_t flow_us = radio_inbox_deadline(&hub->radio[i].inbox);
		int64_t clock_us = ask_at(&hub->radio[i]);

		next_us = flow_us < next_us ? flow_us : next_us;
		next_us = clock_us < next_us ? clock_us : next_us;
	}
	return next_us;
}

static void ask(struct radio_hub *hub, struct radio *radio, int64_t now_us)
{
	struct radio_clock_answer clock = {
		.number = radio_clock_ask(&radio->clock, now_us), .t1_us = now_us};
	char text[RADIO_MESSAGE_MAX];
	size_t size = radio_message_write_clock(&clock, false, text);

	radio->ask_us = now_us + ASK_US;
	hub->ops->clock(hub->user, radio->name, text, size);
}

static void tell(struct radio_hub *hub, struct radio *radio, int64_t now_us)
{
	struct radio_flow flow;
	char text[RADIO_MESSAGE_MAX];

	while (radio_inbox_flow(&radio->inbox, now_us, &flow)) {
		size_t size = radio_message_write_flow(&flow, text);

		hub->ops->flow(hub->user, radio->name, text, size);
	}
}

void radio_hub_advance(struct radio_hub *hub, int64_t now_us)
{
	for (unsigned i = 0; i < hub->n; i++) {
		struct radio *radio = &hub->radio[i];

		if (ask_at(radio) <= now_us)
			ask(hub, radio, now_us);
		tell(hub, radio, now_us);
	}
}

uint64_t radio_hub_refused(const struct radio_hub *hub)
{
	return hub->refused;
}

bool radio_hub_status(const struct radio_hub *hub, unsigned index, struct radio_hub_status *ret)
{
	const struct radio *radio = &hub->radio[index];

	if (index >= hub->n)
		return false;
	*ret = (struct radio_hub_status){
		.name = radio->name,
		.boot = radio->inbox.now.boot,
		.taken = radio->inbox.now.boot ? radio->inbox.now.next - 1 : 0,
		.marked = radio->marked_boot == radio->inbox.now.boot ? radio->marked : 0,
		.done = radio->inbox.now.done,
		.heard_us = radio->heard_us,
		.unc_us = radio->clock.boot ? (radio->clock.most_us - radio->clock.least_us + 1) / 2
					    : -1,
		.events = radio->events,
		.lost = radio->inbox.lost,
		.undated = radio->undated,
		.restarts = radio->inbox.restarts,
		.clock_steps = radio->clock.steps,
		.clock_refused = radio->clock.refused,
		.count = radio->inbox.count,
	};
	return true;
}
