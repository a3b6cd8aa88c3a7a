// SPDX-License-Identifier: MIT
#include "daemon/bluez/source-bluez-pairing.h"

#include "daemon/bluez/bluez-pairing.h"
#include "daemon/bluez/source-bluez-links.h"
#include "daemon/bluez/source-bluez-trials.h"

static void set(struct source_bluez *source, struct bluez_pairing *pairing)
{
	source->context.pairing = pairing;
	if (source->trials)
		source->trials->context.pairing = pairing;
}

/* NULL: it was removed from the configuration, or its trial has ended. */
static struct bluez_link *link_of(const struct source_bluez *source)
{
	return source_bluez_links_find(source, bluez_pairing_address(source->context.pairing));
}

static void on_ready(void *user)
{
	const struct source_bluez *source = user;
	struct bluez_link *link = link_of(source);

	if (link)
		bluez_link_pair(link, true);
}

static void on_ask(void *user, enum source_bluez_pair_ask ask, const char *value)
{
	const struct source_bluez *source = user;

	if (source->pair_ops)
		source->pair_ops->ask(source->pair_user, ask, value);
}

static enum source_bluez_pair_end told(
	const struct bluez_link *link, enum source_bluez_pair_end end)
{
	return end == SOURCE_BLUEZ_PAIR_END_AWAY && link &&
			       bluez_link_state(link) != LINK_STATE_ABSENT
		       ? SOURCE_BLUEZ_PAIR_END_UNREACHED
		       : end;
}

static void on_ended(void *user, enum source_bluez_pair_end end)
{
	struct source_bluez *source = user;
	const struct source_bluez_pair_ops *ops = source->pair_ops;
	struct bluez_link *link = link_of(source);

	end = told(link, end);
	source->pair_ops = NULL;
	if (end == SOURCE_BLUEZ_PAIR_END_DONE || end == SOURCE_BLUEZ_PAIR_END_UNASKED)
		source_bluez_trials_keep_bond(
			source, bluez_pairing_address(source->context.pairing));
	if (link)
		bluez_link_pair(link, false);
	sd_event_source_set_enabled(source->schedule, SD_EVENT_ONESHOT);
	if (ops)
		ops->ended(source->pair_user, end);
}

static const struct bluez_pairing_ops pairing_ops = {on_ready, on_ask, on_ended};

int source_bluez_pairing_begin(struct source_bluez *source, const char *address, int64_t for_us,
	const struct source_bluez_pair_ops *ops, void *user)
{
	struct bluez_pairing *pairing;
	int r = bluez_pairing_new(
		&source->context, address, for_us, &pairing_ops, source, &pairing);

	if (r < 0)
		return r;
	set(source, pairing);
	source->pair_ops = ops;
	source->pair_user = user;
	return 0;
}

void source_bluez_pairing_end(struct source_bluez *source, enum source_bluez_pair_end end)
{
	if (source->context.pairing)
		bluez_pairing_end(source->context.pairing, end);
}

void source_bluez_pairing_free(struct source_bluez *source)
{
	struct bluez_pairing *pairing = source->context.pairing;

	set(source, NULL);
	bluez_pairing_free(pairing);
}

void source_bluez_pairing_look(struct source_bluez *source)
{
	struct bluez_pairing *pairing = source->context.pairing;
	const struct bluez_link *link = pairing ? link_of(source) : NULL;

	if (!pairing)
		return;
	if (!link)
		bluez_pairing_end(pairing, SOURCE_BLUEZ_PAIR_END_REMOVED);
	/* By another program, perhaps before it was connected to. */
	else if (!bluez_pairing_is_under_way(pairing) && bluez_link_is_bonded(link))
		bluez_pairing_end(pairing, SOURCE_BLUEZ_PAIR_END_UNASKED);
	if (bluez_pairing_is_over(pairing))
		source_bluez_pairing_free(source);
}
