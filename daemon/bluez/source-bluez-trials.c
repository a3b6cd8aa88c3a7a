// SPDX-License-Identifier: MIT
#include "daemon/bluez/source-bluez-trials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/flow/link.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bluez-agent.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-pairing.h"
#include "daemon/bluez/source-bluez-links.h"

size_t source_bluez_trials_link(size_t i)
{
	return CONF_WEARABLES_MAX + i;
}

static void look_again(struct source_bluez *source)
{
	sd_event_source_set_enabled(source->schedule, SD_EVENT_ONESHOT);
}

/* --- what the links report --- */

static void on_event(void *user, const struct capture_event *event)
{
	struct source_bluez_trials *t = user;

	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		if (t->one[i].trial && strcmp(t->conf.wearable[i].address, event->address) == 0)
			trial_event(t->one[i].trial, event);
}

/* Six parameters: those of source_bluez_ops. */
static int on_plan(void *user, unsigned wearable, const struct driver_peer *peer,
	enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	struct source_bluez_trials *t = user;

	return trial_plan(t->one[wearable].trial, peer, plan, index, ret);
}

static const struct driver *on_driver(void *user, unsigned wearable)
{
	struct source_bluez_trials *t = user;

	return t->one[wearable].driver;
}

static void on_problem(void *user, unsigned wearable, enum wearable_problem problem)
{
	struct source_bluez_trials *t = user;

	t->one[wearable].problem = problem;
}

static const struct source_bluez_ops source_ops = {
	.event = on_event, .plan = on_plan, .driver = on_driver, .problem = on_problem};

static void on_lost(void *user)
{
}

static void on_changed(void *user)
{
	struct source_bluez_trials *t = user;

	look_again(t->source);
}

static void on_refused(void *user, unsigned wearable, const struct bluez_adapter *adapter)
{
	struct source_bluez_trials *t = user;
	unsigned in_use = source_bluez_links_count(
		t->source, adapter, (unsigned)source_bluez_trials_link(wearable));

	slots_refused(&t->source->slots, clock_now_us(), adapter->slot, in_use);
}

static const struct bluez_link_ops link_ops = {on_lost, on_changed, on_refused};

/* --- life --- */

static void tell_marks(const struct source_bluez *source)
{
	const struct source_bluez_ops *ops = source->context.ops;

	if (ops->trials_changed)
		ops->trials_changed(source->context.user);
}

int source_bluez_trials_find(const struct source_bluez_trials *t, const char *address)
{
	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		if (t->one[i].trial && strcmp(t->conf.wearable[i].address, address) == 0)
			return (int)i;
	return -ENOENT;
}

bool source_bluez_trials_are_held(const struct source_bluez *source)
{
	const struct source_bluez_trials *t = source->trials;

	for (size_t i = 0; t && i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		if (t->one[i].trial)
			return true;
	return false;
}

void source_bluez_trials_let_go(struct source_bluez_trials *t, size_t i)
{
	if (!t->one[i].trial || t->source->is_trial_ending[i])
		return;
	t->source->is_trial_ending[i] = true;
	bluez_link_stop(t->source->link[source_bluez_trials_link(i)]);
	look_again(t->source);
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *user)
{
	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		source_bluez_trials_let_go(user, i);
	return 0;
}

int source_bluez_trials_make(struct source_bluez *source)
{
	struct source_bluez_trials *t = new0(struct source_bluez_trials);
	int r;

	t->source = source;
	t->context = source->context;
	t->context.conf = &t->conf;
	t->context.ops = &source_ops;
	t->context.user = t;
	r = sd_event_add_time(
		source->context.loop, &t->timer, CLOCK_MONOTONIC, UINT64_MAX, 0, on_timer, t);
	if (r < 0) {
		free(t);
		return r;
	}
	source->trials = t;
	return 0;
}

/* An administrator's choice is what pairing waits for. */
void source_bluez_trials_settle(struct source_bluez_trials *t)
{
	const struct conf *conf = t->source->context.conf;

	t->context.version = t->source->context.version;
	t->conf.bluetooth.notify = conf->bluetooth.notify;
	t->conf.bluetooth.require_encryption = conf->bluetooth.require_encryption;
	t->conf.bluetooth.pairing = PAIRING_MODE_CONFIGURED;
}

int source_bluez_trials_begin(
	struct source_bluez_trials *t, const struct source_bluez_scan_found *found)
{
	struct source_bluez *source = t->source;
	size_t i = 0;
	int r;

	while (i < SOURCE_BLUEZ_TRIAL_MAX && t->one[i].trial)
		i++;
	if (i == SOURCE_BLUEZ_TRIAL_MAX ||
		!source_bluez_left_hold(&source->left, found->address, found->is_bonded))
		return -EAGAIN; /* those of before are ending */
	t->conf.wearable[i] = (struct wearable_conf){.kit = CONF_NO_KIT};
	snprintf(t->conf.wearable[i].address, ADDRESS_SIZE, "%s", found->address);
	t->conf.wearable[i].name = t->conf.wearable[i].address;
	t->one[i].driver = found->driver;
	t->source->is_trial_ending[i] = false;
	t->one[i].problem = WEARABLE_PROBLEM_NONE;
	r = bluez_link_new(
		&t->context, (unsigned)i, &link_ops, t, &source->link[source_bluez_trials_link(i)]);
	if (r < 0) {
		source_bluez_left_drop(&source->left, found->address);
		return r;
	}
	if (!source_bluez_trials_are_held(source) && bluez_bus_calls(source->context.bus))
		bluez_agent_offer(&source->context);
	t->one[i].trial = trial_new(found->driver, &source->context.conf->analysis);
	source->n_links = SOURCE_BLUEZ_LINKS_MAX;
	tell_marks(source);
	return 0;
}

static void discard(struct source_bluez_trials *t, size_t i)
{
	t->source->link[source_bluez_trials_link(i)] =
		bluez_link_free(t->source->link[source_bluez_trials_link(i)]);
	t->one[i].trial = trial_free(t->one[i].trial);
	if (!source_bluez_trials_are_held(t->source) && bluez_bus_calls(t->context.bus))
		bluez_agent_withdraw(&t->source->context);
}

void source_bluez_trials_tend(struct source_bluez *source)
{
	if (source_bluez_left_tend(
		    &source->left, source->context.bus, source->context.objects, clock_now_us()))
		tell_marks(source);
}

void source_bluez_trials_stop(struct source_bluez *source)
{
	for (size_t i = 0; source->trials && i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		source_bluez_trials_let_go(source->trials, i);
}

void source_bluez_trials_sweep(struct source_bluez *source)
{
	struct source_bluez_trials *t = source->trials;

	for (size_t i = 0; t && i < SOURCE_BLUEZ_TRIAL_MAX; i++) {
		if (!t->one[i].trial || !t->source->is_trial_ending[i] ||
			bluez_link_state(source->link[source_bluez_trials_link(i)]) !=
				LINK_STATE_STOPPED)
			continue;
		source_bluez_left_let_go(&source->left, t->conf.wearable[i].address);
		discard(t, i);
	}
}

/* Its pairing has begun through the link of the trial, and cannot go on through another. */
static void end_pairing(const struct source_bluez *source, const char *address)
{
	struct bluez_pairing *pairing = source->context.pairing;

	if (pairing && strcmp(bluez_pairing_address(pairing), address) == 0)
		bluez_pairing_end(pairing, SOURCE_BLUEZ_PAIR_END_REMOVED);
}

void source_bluez_trials_yield(struct source_bluez *source)
{
	struct source_bluez_trials *t = source->trials;

	for (size_t i = 0; t && i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		if (t->one[i].trial &&
			conf_find_address(source->context.conf, t->conf.wearable[i].address) >= 0) {
			end_pairing(source, t->conf.wearable[i].address);
			discard(t, i);
		}
	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MARKS_MAX; i++)
		if (conf_find_address(source->context.conf, source->left.one[i].mark.address) >= 0)
			source_bluez_left_drop(&source->left, source->left.one[i].mark.address);
	tell_marks(source);
}

void source_bluez_trials_keep_bond(struct source_bluez *source, const char *address)
{
	if (!source_bluez_left_has(&source->left, address))
		return;
	source_bluez_left_keep_bond(&source->left, address);
	tell_marks(source);
}

void source_bluez_trials_free(struct source_bluez *source)
{
	struct source_bluez_trials *t = source->trials;

	if (!t)
		return;
	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MAX; i++)
		if (t->one[i].trial)
			discard(t, i);
	sd_event_source_disable_unref(t->timer);
	free(t);
	source->trials = NULL;
}
