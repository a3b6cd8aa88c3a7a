// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-silence.h"

#include <stdbool.h>

#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/source-bluez-links.h"
#include "daemon/bluez/source-bluez-private.h"

#define LINKS_MIN 2

/* When the adapter must have given a sign of life; T_NEVER where its silence would mean nothing. */
static int64_t find_due(const struct source_bluez *source, const struct bluez_radio *radio)
{
	struct bluez_radio_demand demand;

	source_bluez_links_demand(source, bluez_radio_adapter(radio), &demand);
	return demand.linked >= LINKS_MIN && demand.stalled
		       ? demand.sign_us + source->context.timing.adapter_silent_us
		       : T_NEVER;
}

static void give_up(struct source_bluez *source, struct bluez_radio *radio)
{
	const struct bluez_adapter *adapter = bluez_radio_adapter(radio);

	bluez_radio_set_silence(radio, SOURCE_BLUEZ_SILENCE_BEGUN);
	for (size_t i = 0; i < source->n_links; i++)
		if (source->link[i] && bluez_link_adapter(source->link[i]) == adapter)
			bluez_link_adapter_silent(source->link[i]);
	bluez_radio_step(radio);
}

/* When the next adapter must have given a sign; T_NEVER: none need to. Gives up those that have not. */
static int64_t judge(struct source_bluez *source, int64_t now_us, bool is_final)
{
	int64_t next_us = T_NEVER;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++) {
		struct bluez_radio *radio = source->radio[i];
		int64_t due_us;

		if (!radio || !bluez_radio_is_usable(radio) ||
			bluez_radio_adapter(radio)->is_silent || source->context.is_stopping)
			continue;
		due_us = find_due(source, radio);
		if (due_us <= now_us && is_final)
			give_up(source, radio);
		else if (due_us < next_us)
			next_us = due_us;
	}
	return next_us;
}

static int on_timer(sd_event_source *event, uint64_t usec, void *user);

static void look_at(struct source_bluez *source, int64_t at_us)
{
	bool looks_before = source->silence_armed_us && source->silence_armed_us <= at_us;

	if (at_us == T_NEVER || looks_before)
		return; /* a timer that is always set anew never ends */
	if (!source->silence_timer &&
		sd_event_add_time(source->context.loop, &source->silence_timer, CLOCK_MONOTONIC,
			(uint64_t)at_us, 1, on_timer, source) < 0)
		return;
	source->silence_armed_us = at_us;
	sd_event_source_set_time(source->silence_timer, (uint64_t)at_us);
	sd_event_source_set_enabled(source->silence_timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *event, uint64_t usec, void *user)
{
	struct source_bluez *source = user;
	int64_t now_us = clock_now_us(), late_us = now_us - (int64_t)usec;
	int64_t grace_us = source->context.timing.adapter_silent_us / 8;

	source->silence_armed_us = 0;
	/* Held up itself, coxad has yet to read what came meanwhile. */
	if (late_us > grace_us)
		look_at(source, now_us + grace_us);
	else
		look_at(source, judge(source, now_us, true));
	return 0;
}

void bluez_silence_check(struct source_bluez *source)
{
	int64_t now_us = clock_now_us(), at_us = judge(source, now_us, false);

	look_at(source, at_us < now_us ? now_us : at_us);
}
