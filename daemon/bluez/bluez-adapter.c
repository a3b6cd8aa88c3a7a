// SPDX-License-Identifier: MIT
/* An adapter's radio: switched on, scanning while a wearable is missing, brought back when it does
 * neither. The ladder, a rung each time the one before did not help: try again, stop what scans,
 * switch the power off (only where no link lives, and not often). */
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/backoff.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bus-message.h"
#include "daemon/bluez/source-bluez-private.h"

#define CALL_US       (6 * (int64_t)US_PER_S)
#define RETRY_US      (US_PER_S / 4)
#define RETRY_MOST_US (15 * (int64_t)US_PER_S)
#define QUIET_US      (60 * (int64_t)US_PER_S)
#define CYCLE_US      (5 * 60 * (int64_t)US_PER_S) /* between two power cycles */
#define WIDEN_US      (20 * (int64_t)US_PER_S) /* by then a narrow search has found what it can */
/* While discovery scans, the kernel makes a link out of an advert that the controller reports, and a
 * controller that filters duplicates has reported it already: 10.2 s pass until that scan ends by
 * itself. So discovery rests for a connect, but not for one that nobody answers. */
#define CONNECT_ALONE_US (4 * (int64_t)US_PER_S)
#define HEARD_LATELY     (5 * (int64_t)US_PER_S)
#define SERVICES_MAX     32

enum step { STEP_NONE, STEP_POWER_ON, STEP_POWER_OFF, STEP_FILTER, STEP_START, STEP_STOP };

struct bluez_radio {
	struct source_bluez *source;
	char address[ADDRESS_SIZE];
	unsigned slot;
	struct bluez_adapter *object;
	sd_event_source *timer;
	struct backoff backoff;
	enum step step; /* whose answer is awaited */
	unsigned generation;
	bool is_scanning, was_discovering, was_usable, is_filtered, is_wide;
	bool is_foreign; /* another client of bluetoothd began the scan that we hear */
	int64_t retry_us, heard_us, scanning_us, missing_us, cycled_us;
	const struct bluez_link
		*making;   /* the link that is being made, NULL: none; compared only */
	int64_t making_us; /* since when */
	unsigned refusals; /* of StartDiscovery in a row */
};

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	bluez_radio_step(user);
	return 0;
}

struct bluez_radio *bluez_radio_new(struct source_bluez *source, const char *address, unsigned slot)
{
	struct bluez_radio *radio = new0(struct bluez_radio);

	radio->source = source;
	radio->slot = slot;
	snprintf(radio->address, sizeof(radio->address), "%s", address);
	backoff_init(&radio->backoff, slot + 1);
	radio->cycled_us = -CYCLE_US;
	if (sd_event_add_time(source->loop, &radio->timer, CLOCK_MONOTONIC, 0, 0, on_timer, radio) <
		0)
		abort();
	sd_event_source_set_enabled(radio->timer, SD_EVENT_OFF);
	return radio;
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

struct bluez_adapter *bluez_radio_object(const struct bluez_radio *radio)
{
	return radio->object;
}

static bool is_configured(const struct bluez_radio *radio)
{
	const char *list = radio->source->conf->bluetooth.adapters;

	return !list || !list[0] || strcmp(list, "all") == 0 || strcasestr(list, radio->address);
}

bool bluez_radio_is_usable(const struct bluez_radio *radio)
{
	return radio->object && radio->object->is_powered && is_configured(radio);
}

static void arm(struct bluez_radio *radio, int64_t at_us)
{
	sd_event_source_set_time(radio->timer, (uint64_t)at_us);
	sd_event_source_set_enabled(radio->timer, SD_EVENT_ONESHOT);
}

static void retry(struct bluez_radio *radio)
{
	radio->retry_us = clock_now_us() + backoff_next(&radio->backoff, RETRY_US, RETRY_MOST_US);
}

void bluez_radio_set_object(struct bluez_radio *radio, struct bluez_adapter *adapter)
{
	radio->object = adapter;
	radio->step = STEP_NONE;
	radio->generation++;
	radio->is_scanning = radio->was_discovering = radio->is_filtered = radio->is_wide = false;
	radio->is_foreign = false;
	radio->retry_us = radio->missing_us = 0;
	radio->refusals = 0;
	backoff_reset(&radio->backoff);
	slots_reset(&radio->source->slots, radio->slot);
	bluez_radio_changed(radio);
}

static void explain_off(struct bluez_radio *radio)
{
	if (strstr(radio->object->power_state, "blocked"))
		journal_write_limited(&radio->source->limit, LOG_WARNING, "bluez",
			"adapter %s is blocked by rfkill: `rfkill unblock bluetooth` frees it",
			radio->address);
	else
		journal_write_limited(&radio->source->limit, LOG_WARNING, "bluez",
			"adapter %s is off%s%s: switching it on", radio->address,
			radio->object->power_state[0] ? ", power state " : "",
			radio->object->power_state);
}

void bluez_radio_changed(struct bluez_radio *radio)
{
	bool is_usable = bluez_radio_is_usable(radio);

	if (is_usable != radio->was_usable) {
		radio->was_usable = is_usable;
		if (radio->source->ops->adapters_changed)
			radio->source->ops->adapters_changed(radio->source->user);
		journal_write(LOG_NOTICE, "bluez", "adapter %s is %s", radio->address,
			is_usable       ? "ready"
			: radio->object ? "off"
					: "gone");
		radio->is_scanning = radio->is_filtered = false;
	}
	if (radio->object && radio->was_discovering && !radio->object->is_discovering)
		radio->is_scanning =
			false; /* whoever stopped it: it is needed, or will be stopped */
	radio->was_discovering = radio->object && radio->object->is_discovering;
	bluez_radio_step(radio);
	source_bluez_schedule(radio->source);
}

void bluez_radio_heard(struct bluez_radio *radio, int64_t now_us)
{
	radio->heard_us = now_us;
}

static bool any_missing(const struct source_bluez *source)
{
	for (size_t i = 0; i < source->n_links; i++)
		switch (link_state(bluez_link_state(source->link[i]))) {
		case LINK_STATE_ABSENT:
		case LINK_STATE_HEARD:
		case LINK_STATE_CONNECTING:
		case LINK_STATE_DRAINING:
		case LINK_STATE_BACKOFF:
			return !source->is_stopping;
		case LINK_STATE_RESOLVING:
		case LINK_STATE_PREPARING:
		case LINK_STATE_STREAMING:
		case LINK_STATE_STALLED:
		case LINK_STATE_QUARANTINED:
		case LINK_STATE_STOPPED:
			break;
		}
	return false;
}

static bool any_link(const struct bluez_radio *radio)
{
	for (size_t i = 0; i < radio->source->n_links; i++)
		if (bluez_link_adapter(radio->source->link[i]) == radio->object)
			return true;
	return false;
}

struct answer {
	struct bluez_radio *radio;
	unsigned generation;
};

static void started(struct bluez_radio *radio, int64_t now_us)
{
	radio->is_scanning = true;
	radio->scanning_us = now_us;
	radio->refusals = 0;
	radio->retry_us = 0;
	backoff_reset(&radio->backoff);
}

static void start_refused(struct bluez_radio *radio, int64_t now_us, const char *error)
{
	radio->refusals++;
	if (strcmp(error, "org.bluez.Error.InProgress") == 0 &&
		now_us - radio->heard_us < HEARD_LATELY && radio->object->is_discovering) {
		radio->is_foreign = true;
		started(radio, now_us);
		journal_write_limited(&radio->source->limit, LOG_WARNING, "bluez",
			"another program scans with adapter %s", radio->address);
		return;
	}
	retry(radio);
	journal_write_limited(&radio->source->limit, LOG_WARNING, "bluez",
		"adapter %s does not scan: %s", radio->address, error);
}

static void on_answer(DBusMessage *reply, void *user)
{
	struct answer *answer = user;
	struct bluez_radio *radio = answer->radio;
	bool is_old = answer->generation != radio->generation;
	const char *error = dbus_message_get_type(reply) == DBUS_MESSAGE_TYPE_ERROR
				    ? dbus_message_get_error_name(reply)
				    : NULL;
	int64_t now_us = clock_now_us();
	enum step step = radio->step;

	if (is_old)
		return;
	radio->step = STEP_NONE;
	switch (step) {
	case STEP_POWER_ON:
		if (error)
			explain_off(radio);
		/* The kernel clears a block late: asking again costs nothing. */
		retry(radio);
		break;
	case STEP_POWER_OFF:
		radio->retry_us = now_us + RETRY_US;
		break;
	case STEP_FILTER:
		radio->is_filtered = true; /* refused: scanning without is better than none */
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
	struct answer *answer = new0(struct answer);

	*answer = (struct answer){.radio = radio, .generation = radio->generation};
	radio->step = step;
	bus_calls_send(radio->source->calls, message, CALL_US, on_answer, answer, radio);
}

static void set_power(struct bluez_radio *radio, bool on)
{
	DBusMessage *message = bus_message_new_call(
		radio->object->node.path, "org.freedesktop.DBus.Properties", "Set");
	const char *interface = "org.bluez.Adapter1", *name = "Powered";
	DBusMessageIter args;

	dbus_message_iter_init_append(message, &args);
	dbus_message_iter_append_basic(&args, DBUS_TYPE_STRING, &interface);
	dbus_message_iter_append_basic(&args, DBUS_TYPE_STRING, &name);
	bus_message_put_bool_variant(&args, on);
	send(radio, on ? STEP_POWER_ON : STEP_POWER_OFF, message);
}

static void put_services(struct bluez_radio *radio, DBusMessageIter *dict)
{
	struct uuid services[SERVICES_MAX];
	const struct uuid *found[SERVICES_MAX];
	DBusMessageIter entry, variant, array;
	const char *key = "UUIDs";
	size_t n = source_bluez_services(radio->source, found, SERVICES_MAX);

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		services[i] = *found[i];
	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "as", &variant);
	dbus_message_iter_open_container(&variant, DBUS_TYPE_ARRAY, "s", &array);
	for (size_t i = 0; i < n; i++) {
		char text[UUID_TEXT_SIZE];
		const char *p = text;

		uuid_to_string(&services[i], text);
		dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &p);
	}
	dbus_message_iter_close_container(&variant, &array);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(dict, &entry);
}

static void set_filter(struct bluez_radio *radio)
{
	DBusMessage *message = bus_message_new_call(
		radio->object->node.path, "org.bluez.Adapter1", "SetDiscoveryFilter");
	DBusMessageIter args, dict;

	dbus_message_iter_init_append(message, &args);
	dbus_message_iter_open_container(&args, DBUS_TYPE_ARRAY, "{sv}", &dict);
	bus_message_put_text_entry(&dict, "Transport", "le");
	/* Repeated adverts tell that a wearable is still there, and how near. With the search wide
	 * open they would be those of every stranger too: a filtered search reports RSSI anyway. */
	bus_message_put_bool_entry(&dict, "DuplicateData", !radio->is_wide);
	if (!radio->is_wide)
		put_services(radio, &dict);
	dbus_message_iter_close_container(&args, &dict);
	send(radio, STEP_FILTER, message);
}

static void call(struct bluez_radio *radio, enum step step, const char *method)
{
	send(radio, step,
		bus_message_new_call(radio->object->node.path, "org.bluez.Adapter1", method));
}

/* After refusals: stop what may scan in our name; then a power cycle. True where it did one. */
static bool recover(struct bluez_radio *radio, int64_t now_us)
{
	if (radio->refusals >= 6 && now_us - radio->cycled_us >= CYCLE_US && !any_link(radio)) {
		radio->cycled_us = now_us;
		radio->refusals = 0;
		journal_write(LOG_WARNING, "bluez", "adapter %s: power cycle, it does not scan",
			radio->address);
		set_power(radio, false);
		return true;
	}
	if (radio->refusals && radio->refusals % 3 == 0) {
		radio->refusals++;
		call(radio, STEP_STOP, "StopDiscovery");
		return true;
	}
	return false;
}

static void widen_if_due(struct bluez_radio *radio, int64_t now_us, bool is_wanted)
{
	if (!is_wanted) {
		radio->missing_us = 0;
		return;
	}
	if (!radio->missing_us)
		radio->missing_us = now_us;
	if (radio->is_wide || now_us - radio->missing_us < WIDEN_US)
		return;
	/* Some wearables do not advertise the service that they have. */
	radio->is_wide = true;
	radio->is_filtered = false;
}

/* True while discovery is to leave the radio to the link that is being made. */
static bool yields(struct bluez_radio *radio, int64_t now_us)
{
	const struct bluez_link *making = NULL;

	for (size_t i = 0; i < radio->source->n_links; i++)
		if (bluez_link_is_making(radio->source->link[i]) &&
			bluez_link_adapter(radio->source->link[i]) == radio->object)
			making = radio->source->link[i];
	if (making != radio->making)
		radio->making_us = now_us;
	radio->making = making;
	return making && now_us - radio->making_us < CONNECT_ALONE_US;
}

void bluez_radio_step(struct bluez_radio *radio)
{
	int64_t now_us = clock_now_us();
	bool is_wanted = any_missing(radio->source), is_yielding = yields(radio, now_us);

	if (!radio->object || !radio->source->calls || radio->step != STEP_NONE ||
		!is_configured(radio))
		return;
	if (now_us < radio->retry_us) {
		arm(radio, radio->retry_us);
		return;
	}
	if (!radio->object->is_powered) {
		if (!radio->source->is_stopping)
			set_power(radio, true);
		return;
	}
	widen_if_due(radio, now_us, is_wanted);
	if (is_yielding) {
		is_wanted = false;
		arm(radio, radio->making_us + CONNECT_ALONE_US);
	}
	if (is_wanted && !radio->is_filtered) {
		set_filter(radio);
	} else if (is_wanted && !radio->is_scanning) {
		if (!recover(radio, now_us))
			call(radio, STEP_START, "StartDiscovery");
	} else if (!is_wanted && radio->is_scanning) {
		if (radio->is_foreign)
			radio->is_scanning = radio->is_foreign = false;
		else
			call(radio, STEP_STOP, "StopDiscovery");
	} else if (is_wanted && now_us - radio->scanning_us > QUIET_US &&
		   now_us - radio->heard_us > QUIET_US) {
		call(radio, STEP_STOP, "StopDiscovery"); /* and starts again */
	} else if (is_wanted) {
		arm(radio, now_us + QUIET_US / 6);
	}
}
