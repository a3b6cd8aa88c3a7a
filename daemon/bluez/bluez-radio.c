// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-radio.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/backoff.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "daemon/bluez/bluez-bus.h"
#include "daemon/bluez/bluez-context-private.h"
#include "daemon/bluez/bluez-filter.h"
#include "daemon/bluez/bluez-radio-journal.h"
#include "daemon/bluez/bus-calls.h"
#include "daemon/bluez/bus-message.h"

#define WIDEN_US        (20 * (int64_t)US_PER_S) /* the narrow search has found what it can */
#define HEARD_LATELY_US (5 * (int64_t)US_PER_S)
/* Recovery goes up a step each time the one before did not help: try again, stop what scans, switch
 * the power off. The last only if no connection lives on the adapter, and ever more seldom while it
 * does not help: an adapter that hears nothing may be alone in a cellar. */
#define REFUSALS_TO_STOP  3
#define REFUSALS_TO_CYCLE 6
#define SILENCES_TO_CYCLE 3
#define CYCLE_DOUBLINGS   4
/* The kernel waits 2 s for each link of a controller that does not answer. */
#define POWER_OFF_STEPS 5
/* For how many times what a silence takes to be noticed the other adapters come first. */
#define SILENT_PATIENCE 4
#define SILENT_TRIES    4 /* then it takes a person */

enum step { STEP_NONE, STEP_POWER_ON, STEP_POWER_OFF, STEP_FILTER, STEP_START, STEP_STOP };

struct bluez_radio {
	const struct bluez_context *context;
	const struct bluez_radio_ops *ops;
	void *user;
	char address[ADDRESS_SIZE];
	struct bluez_adapter *adapter; /* NULL: not there */
	sd_event_source *timer;
	struct backoff backoff;
	enum step step;      /* whose answer is awaited */
	unsigned generation; /* of the adapter's object: answers of an earlier one are stale */
	bool is_scanning, was_discovering, was_usable, is_filtered;
	bool is_wide;                /* the filter names no services */
	bool is_foreign;             /* another client of bluetoothd started the scan */
	bool has_scanned, is_shared; /* another client scans too */
	bool is_unready;             /* it is not on, whatever its property says */
	int64_t retry_us, received_us, heard_us, scanning_us, cycled_us;
	int64_t missing_us; /* since when a wearable is; 0: none */
	enum source_bluez_silence silence;
	int64_t silent_us; /* since when, or since it was last tried to end it */
	int connecting;    /* as in the demand */
	int64_t connecting_us;
	unsigned refusals; /* of StartDiscovery in a row */
	unsigned silences; /* scans in a row that heard nothing at all */
	unsigned cycles;   /* of the power, since it last heard something */
	struct journal_limit limit;
};

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	bluez_radio_step(user);
	return 0;
}

int bluez_radio_new(const struct bluez_context *context, const char *address,
	const struct bluez_radio_ops *ops, void *user, struct bluez_radio **ret)
{
	struct bluez_radio *radio = new0(struct bluez_radio);
	int r;

	*radio = (struct bluez_radio){.context = context,
		.ops = ops,
		.user = user,
		.cycled_us = -context->timing.power_cycle_us,
		.connecting = -1};
	snprintf(radio->address, sizeof(radio->address), "%s", address);
	backoff_init(&radio->backoff, (uint64_t)clock_now_us());
	r = sd_event_add_time(context->loop, &radio->timer, CLOCK_MONOTONIC, 0, 0, on_timer, radio);
	if (r < 0) {
		free(radio);
		return r;
	}
	sd_event_source_set_enabled(radio->timer, SD_EVENT_OFF);
	*ret = radio;
	return 0;
}

struct bluez_radio *bluez_radio_free(struct bluez_radio *radio)
{
	if (!radio)
		return NULL;
	sd_event_source_disable_unref(radio->timer);
	free(radio);
	return NULL;
}

const char *bluez_radio_address(const struct bluez_radio *radio)
{
	return radio->address;
}

const struct bluez_adapter *bluez_radio_adapter(const struct bluez_radio *radio)
{
	return radio->adapter;
}

static bool is_configured(const struct bluez_radio *radio)
{
	const char *list = radio->context->conf->bluetooth.adapters;

	return !list || !list[0] || strcmp(list, "all") == 0 || strcasestr(list, radio->address);
}

bool bluez_radio_is_usable(const struct bluez_radio *radio)
{
	return radio->adapter && radio->adapter->is_powered && is_configured(radio);
}

static void arm(struct bluez_radio *radio, int64_t at_us)
{
	sd_event_source_set_time(radio->timer, (uint64_t)at_us);
	sd_event_source_set_enabled(radio->timer, SD_EVENT_ONESHOT);
}

static void retry(struct bluez_radio *radio)
{
	const struct link_timing *timing = &radio->context->timing;

	radio->retry_us = clock_now_us() + backoff_next(&radio->backoff, timing->wait_transient_us,
						   timing->wait_most_us);
}

void bluez_radio_set_silence(struct bluez_radio *radio, enum source_bluez_silence silence)
{
	if (radio->silence == silence)
		return;
	radio->silence = silence;
	radio->silent_us = clock_now_us();
	if (radio->adapter)
		radio->adapter->is_silent = silence != SOURCE_BLUEZ_SILENCE_NONE;
	bluez_radio_journal_silence(radio->address, silence);
	radio->ops->silence_changed(radio->user, radio->address, silence);
}

void bluez_radio_set_adapter(struct bluez_radio *radio, struct bluez_adapter *adapter)
{
	radio->adapter = adapter;
	bluez_radio_set_silence(radio, SOURCE_BLUEZ_SILENCE_NONE);
	radio->step = STEP_NONE;
	radio->generation++;
	radio->is_scanning = radio->was_discovering = radio->is_filtered = radio->is_wide = false;
	radio->is_foreign = radio->has_scanned = false;
	radio->retry_us = radio->missing_us = 0;
	radio->refusals = radio->silences = radio->cycles = 0;
	backoff_reset(&radio->backoff);
	bluez_radio_changed(radio);
}

void bluez_radio_changed(struct bluez_radio *radio)
{
	bool is_usable = bluez_radio_is_usable(radio);

	if (is_usable != radio->was_usable) {
		radio->was_usable = is_usable;
		radio->ops->usable_changed(radio->user);
		journal_write(LOG_NOTICE, "bluez", "adapter %s is %s", radio->address,
			is_usable        ? "ready"
			: radio->adapter ? "off"
					 : "gone");
		radio->is_scanning = radio->is_filtered = false;
	}
	/* Whoever stopped it: if it is needed, it is started again. */
	if (radio->adapter && radio->was_discovering && !radio->adapter->is_discovering)
		radio->is_scanning = false;
	radio->was_discovering = radio->adapter && radio->adapter->is_discovering;
	bluez_radio_step(radio);
}

int64_t bluez_radio_heard_us(const struct bluez_radio *radio)
{
	return radio->heard_us;
}

void bluez_radio_heard(struct bluez_radio *radio, int64_t now_us)
{
	bluez_radio_set_silence(radio, SOURCE_BLUEZ_SILENCE_NONE);
	radio->heard_us = now_us;
	radio->silences = radio->cycles = 0;
}

void bluez_radio_received(struct bluez_radio *radio, int64_t now_us)
{
	radio->received_us = now_us;
	bluez_radio_heard(radio, now_us);
}

static void started(struct bluez_radio *radio, int64_t now_us)
{
	bluez_radio_set_silence(radio, SOURCE_BLUEZ_SILENCE_NONE);
	radio->is_scanning = radio->has_scanned = true;
	radio->scanning_us = now_us;
	radio->refusals = 0;
	radio->retry_us = 0;
	backoff_reset(&radio->backoff);
}

static void start_refused(struct bluez_radio *radio, int64_t now_us, const char *error)
{
	radio->refusals++;
	radio->is_unready = strcmp(error, "org.bluez.Error.NotReady") == 0;
	if (strcmp(error, "org.bluez.Error.InProgress") == 0 &&
		now_us - radio->heard_us < HEARD_LATELY_US && radio->adapter->is_discovering) {
		radio->is_foreign = true;
		started(radio, now_us);
		journal_write_limited(&radio->limit, LOG_WARNING, "bluez",
			"adapter %s: another program is already scanning; using its scan",
			radio->address);
		return;
	}
	retry(radio);
	journal_write_limited(&radio->limit, LOG_WARNING, "bluez",
		"adapter %s cannot start scanning: %s; trying again", radio->address, error);
}

/* The kernel gives up at the first link that does not end, but drops them by and by: try again. */
static void off_failed(struct bluez_radio *radio, int64_t now_us, const char *error)
{
	radio->retry_us = now_us + radio->context->timing.wait_most_us;
	radio->cycled_us = now_us - (radio->context->timing.power_cycle_us << radio->cycles);
	/* Also where it has hung since before coxad began, and no link could show it. */
	if (strcmp(error, DBUS_ERROR_NO_REPLY) == 0 ||
		(radio->silence && radio->cycles >= SILENT_TRIES))
		bluez_radio_set_silence(radio, SOURCE_BLUEZ_SILENCE_LASTING);
	radio->silent_us = now_us;
	journal_write_limited(&radio->limit, LOG_WARNING, "bluez",
		"cannot switch off adapter %s: %s; trying again", radio->address, error);
}

static void on_answer(DBusMessage *reply, void *owner, void *data)
{
	struct bluez_radio *radio = owner;
	const unsigned *generation = data;
	const char *error = dbus_message_get_error_name(reply); /* NULL: it is none */
	int64_t now_us = clock_now_us();
	enum step step = radio->step;

	if (*generation != radio->generation)
		return;
	radio->step = STEP_NONE;
	switch (step) {
	case STEP_POWER_ON:
		if (error)
			bluez_radio_journal_off(&radio->limit, radio->adapter, error);
		else
			bluez_radio_set_silence(radio, SOURCE_BLUEZ_SILENCE_NONE);
		/* Also on success: the kernel may lift a block only later. */
		retry(radio);
		break;
	case STEP_POWER_OFF:
		radio->retry_us = now_us + radio->context->timing.wait_transient_us;
		if (error)
			off_failed(radio, now_us, error);
		break;
	case STEP_FILTER:
		radio->is_filtered = true; /* even if refused: better to scan without a filter */
		break;
	case STEP_START:
		if (error)
			start_refused(radio, now_us, error);
		else
			started(radio, now_us);
		break;
	case STEP_STOP:
		radio->is_scanning = false;
		if (radio->refusals)
			retry(radio);
		break;
	case STEP_NONE:
		break;
	}
	bluez_radio_step(radio);
}

static void send(struct bluez_radio *radio, enum step step, DBusMessage *message)
{
	unsigned *generation = new0(unsigned);

	*generation = radio->generation;
	radio->step = step;
	bus_calls_send(bluez_bus_calls(radio->context->bus),
		&(struct bus_call){.message = message,
			.timeout_us = radio->context->timing.step_us *
				      (step == STEP_POWER_OFF ? POWER_OFF_STEPS : 1),
			.done = on_answer,
			.owner = radio,
			.data = generation});
}

static void set_power(struct bluez_radio *radio, bool on)
{
	send(radio, on ? STEP_POWER_ON : STEP_POWER_OFF,
		bus_message_new_set_bool(
			radio->adapter->node.path, "org.bluez.Adapter1", "Powered", on));
}

static void set_filter(struct bluez_radio *radio)
{
	send(radio, STEP_FILTER,
		bluez_filter_new(radio->context->conf, radio->adapter->node.path, radio->is_wide));
}

static void call(struct bluez_radio *radio, enum step step, const char *method)
{
	send(radio, step,
		bus_message_new_call(radio->adapter->node.path, "org.bluez.Adapter1", method));
}

static bool is_stuck(const struct bluez_radio *radio)
{
	return radio->refusals >= REFUSALS_TO_CYCLE || radio->silences >= SILENCES_TO_CYCLE;
}

static int64_t next_cycle_us(const struct bluez_radio *radio)
{
	return radio->cycled_us + (radio->context->timing.power_cycle_us << radio->cycles);
}

static void cycle(struct bluez_radio *radio, int64_t now_us)
{
	journal_write_limited(&radio->limit, LOG_WARNING, "bluez",
		"adapter %s %s: switching it off and on", radio->address,
		radio->silence    ? "does not answer"
		: radio->refusals ? "still cannot scan"
				  : "hears nothing at all");
	radio->cycled_us = now_us;
	if (radio->cycles < CYCLE_DOUBLINGS)
		radio->cycles++;
	radio->refusals = radio->silences = 0;
	backoff_reset(&radio->backoff); /* a fresh start, not a late one */
	set_power(radio, false);
}

/* bluetoothd tells the kernel one thing at a time: while it waits for a controller that does not
 * answer, no other adapter can scan or pair. So the others have time to take over the wearables. */
static void wake(struct bluez_radio *radio, const struct bluez_radio_demand *demand, int64_t now_us)
{
	int64_t patience_us = SILENT_PATIENCE * radio->context->timing.adapter_silent_us;
	bool is_patient = demand->has_others &&
			  (demand->is_unsettled || radio->silence == SOURCE_BLUEZ_SILENCE_LASTING);
	int64_t at_us = radio->silent_us + (is_patient ? patience_us : 0);

	at_us = next_cycle_us(radio) > at_us ? next_cycle_us(radio) : at_us;
	if (now_us < at_us)
		arm(radio, at_us);
	else if (!radio->context->is_stopping)
		cycle(radio, now_us);
}

/* After refusals: stops a scan left over in our name, later a power cycle. True if it did either. */
static bool recover(struct bluez_radio *radio, bool is_linked, int64_t now_us)
{
	if (is_stuck(radio) && !is_linked && now_us >= next_cycle_us(radio)) {
		cycle(radio, now_us);
		return true;
	}
	if (radio->refusals && radio->refusals % REFUSALS_TO_STOP == 0) {
		radio->refusals++;
		call(radio, STEP_STOP, "StopDiscovery");
		return true;
	}
	return false;
}

/* Another client's scan keeps the adapter from connecting, and from pausing for it. */
static void notice_foreign(struct bluez_radio *radio)
{
	bool is_shared = radio->adapter->is_discovering && !radio->has_scanned;

	if (is_shared && !radio->is_shared)
		journal_write_limited(&radio->limit, LOG_WARNING, "bluez",
			"adapter %s: another program is scanning; connecting may take longer",
			radio->address);
	radio->is_shared = is_shared;
}

static void widen_if_due(
	struct bluez_radio *radio, int64_t now_us, const struct bluez_radio_demand *demand)
{
	if (!demand->is_missing && !demand->wants_all) {
		radio->missing_us = 0;
		return;
	}
	if (!radio->missing_us)
		radio->missing_us = now_us;
	if (radio->is_wide || (!demand->wants_all && now_us - radio->missing_us < WIDEN_US))
		return;
	/* Some wearables do not advertise the service they offer. */
	radio->is_wide = true;
	radio->is_filtered = false;
}

/* While discovery scans, the kernel connects to a device when the controller reports its advert.
 * A controller that filters duplicates has reported it already: the connect then waits 10.2 s for
 * the scan to end by itself. So discovery pauses for a connect, but only for so long, in case that
 * nobody answers. True while it does. */
static bool yields(struct bluez_radio *radio, int connecting, int64_t now_us)
{
	if (connecting != radio->connecting)
		radio->connecting_us = now_us;
	radio->connecting = connecting;
	return connecting >= 0 &&
	       now_us - radio->connecting_us < radio->context->timing.scan_pause_us;
}

static void start_or_recover(struct bluez_radio *radio, bool is_linked, int64_t now_us)
{
	if (!radio->is_filtered) {
		set_filter(radio);
	} else if (!recover(radio, is_linked, now_us)) {
		notice_foreign(radio);
		call(radio, STEP_START, "StartDiscovery");
	}
}

/* True where a scan has gone on for long without an advert that was wanted. */
static bool is_quiet(const struct bluez_radio *radio, int64_t since_us, int64_t now_us)
{
	int64_t quiet_us = radio->context->timing.scan_quiet_us;

	return now_us - radio->scanning_us > quiet_us && now_us - since_us > quiet_us;
}

static void scan(struct bluez_radio *radio, bool is_linked, int64_t now_us)
{
	if (!radio->is_filtered || !radio->is_scanning) {
		start_or_recover(radio, is_linked, now_us);
	} else if (is_quiet(radio, radio->received_us, now_us)) {
		radio->silences += is_quiet(radio, radio->heard_us, now_us);
		call(radio, STEP_STOP, "StopDiscovery"); /* the next step starts it again */
	} else {
		arm(radio, now_us + radio->context->timing.scan_quiet_us / 6);
	}
}

static void rest(struct bluez_radio *radio)
{
	if (!radio->is_scanning)
		return;
	if (radio->is_foreign)
		radio->is_scanning = radio->is_foreign = false;
	else
		call(radio, STEP_STOP, "StopDiscovery");
}

void bluez_radio_configure(struct bluez_radio *radio)
{
	radio->is_filtered = radio->is_wide = false;
	if (radio->adapter && radio->step == STEP_NONE && !is_configured(radio))
		rest(radio);
	bluez_radio_changed(radio);
}

void bluez_radio_step(struct bluez_radio *radio)
{
	const struct bluez_context *context = radio->context;
	struct bluez_radio_demand demand;
	int64_t now_us = clock_now_us();
	bool is_yielding;

	radio->ops->demand(radio->user, radio->adapter, &demand);
	is_yielding = yields(radio, demand.connecting, now_us);
	if (!radio->adapter || !bluez_bus_calls(context->bus) || radio->step != STEP_NONE ||
		!is_configured(radio))
		return;
	if (now_us < radio->retry_us) {
		arm(radio, radio->retry_us);
		return;
	}
	if (!radio->adapter->is_powered || radio->is_unready) {
		radio->is_unready = false;
		if (!context->is_stopping)
			set_power(radio, true);
		return;
	}
	if (radio->silence) {
		wake(radio, &demand, now_us);
		return;
	}
	widen_if_due(radio, now_us, &demand);
	if (is_yielding)
		arm(radio, radio->connecting_us + context->timing.scan_pause_us);
	if ((demand.is_missing || demand.wants_all) && !is_yielding)
		scan(radio, demand.is_linked, now_us);
	else
		rest(radio);
}
