// SPDX-License-Identifier: MIT
#include "coxad/bluez/source-bluez-trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/source-bluez-trials.h"

static const struct source_bluez_scan_found *find_seen(
	const struct source_bluez *source, const char *address)
{
	for (size_t i = 0; source->sightings && i < source->sightings->n; i++)
		if (strcmp(source->sightings->one[i].seen.address, address) == 0)
			return &source->sightings->one[i].seen;
	return NULL;
}

static bool is_among(const char *one, char (*address)[ADDRESS_SIZE], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(one, address[i]) == 0)
			return true;
	return false;
}

static bool are_known(const struct source_bluez *source, char (*address)[ADDRESS_SIZE], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (conf_find_address(source->context.conf, address[i]) >= 0 ||
			(source_bluez_trials_find(source->trials, address[i]) < 0 &&
				!find_seen(source, address[i])))
			return false;
	return true;
}

static bool begin_all(struct source_bluez *source, char (*address)[ADDRESS_SIZE], size_t n)
{
	bool is_new = false;

	for (size_t i = 0; i < n; i++)
		if (source_bluez_trials_find(source->trials, address[i]) < 0)
			is_new |= source_bluez_trials_begin(
					  source->trials, find_seen(source, address[i])) == 0;
	return is_new;
}

int source_bluez_trial_hold(
	struct source_bluez *source, char (*address)[ADDRESS_SIZE], size_t n, int64_t for_us)
{
	int r = source->trials ? 0 : source_bluez_trials_make(source);

	if (r < 0)
		return r;
	if (n > SOURCE_BLUEZ_TRIAL_MAX || source->context.is_stopping ||
		!are_known(source, address, n))
		return -ENOENT;
	source_bluez_trials_settle(source->trials);
	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		if (!is_among(source->trials->conf.wearable[i].address, address, n))
			source_bluez_trials_let_go(source->trials, i);
	if (begin_all(source, address, n) && bluez_bus_calls(source->context.bus))
		bluez_bus_fetch(source->context.bus);
	sd_event_source_set_time_relative(source->trials->timer, (uint64_t)for_us);
	sd_event_source_set_enabled(source->trials->timer, SD_EVENT_ONESHOT);
	sd_event_source_set_enabled(source->schedule, SD_EVENT_ONESHOT);
	return 0;
}

size_t source_bluez_trial_look(struct source_bluez *source,
	struct source_bluez_trial_seen ret[static SOURCE_BLUEZ_TRIAL_MAX])
{
	struct source_bluez_trials *t = source->trials;
	size_t n = 0;

	for (size_t i = 0; t && i < SOURCE_BLUEZ_TRIAL_MAX; i++) {
		if (!t->one[i].trial || source->is_trial_ending[i])
			continue;
		ret[n] = (struct source_bluez_trial_seen){
			.driver = t->one[i].driver, .problem = t->one[i].problem};
		snprintf(ret[n].address, ADDRESS_SIZE, "%s", t->conf.wearable[i].address);
		trial_look(t->one[i].trial, clock_now_us(), &ret[n++].figures);
	}
	return n;
}

int source_bluez_trial_identify(struct source_bluez *source, const char *address, unsigned seconds)
{
	int i = source->trials ? source_bluez_trials_find(source->trials, address) : -ENOENT, r = 0;
	struct driver_step step;
	unsigned n = 0;

	if (i < 0)
		return i;
	for (; r >= 0 && trial_identify(source->trials->one[i].trial, seconds, n, &step) > 0; n++)
		r = bluez_link_write(source->link[source_bluez_trials_link((size_t)i)], &step);
	return n ? r : -ENOTSUP;
}

size_t source_bluez_trial_marks(const struct source_bluez *source,
	struct source_bluez_trial_mark ret[static SOURCE_BLUEZ_TRIAL_MARKS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MARKS_MAX; i++)
		if (source->left.one[i].mark.address[0])
			ret[n++] = source->left.one[i].mark;
	return n;
}

void source_bluez_trial_recall(
	struct source_bluez *source, const struct source_bluez_trial_mark *mark, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (conf_find_address(source->context.conf, mark[i].address) >= 0 ||
			!source_bluez_left_hold(&source->left, mark[i].address, mark[i].was_bonded))
			continue;
		source_bluez_left_let_go(&source->left, mark[i].address);
	}
}
