// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-health.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "coxad/base/units.h"
#include "coxad/core/health.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/source-bluez-links.h"
#include "daemon/bluez/source-bluez-private.h"

/* Looks for each time that a scan may hear nothing. */
#define LOOKS 12
/* One may fall between our StopDiscovery and its effect. */
#define LOOKS_TO_TELL 2
#define ALL           "bluetooth"

/* What is wrong if it is so, and that it is solved if not. Six parameters: a report, the last of it as printf
 * takes it. */
static __attribute__((format(printf, 5, 6))) void tell(const struct source_bluez *source,
	enum health_code code, const char *subject, bool is_so, const char *format, ...)
{
	char text[HEALTH_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	source->context.ops->health(source->context.user,
		&(struct health_report){
			.code = code, .subject = subject, .text = is_so ? text : NULL});
}

/* --- all adapters --- */

static bool is_there(const struct source_bluez *source, const char *address)
{
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i] && bluez_radio_adapter(source->radio[i]) &&
			strcasecmp(bluez_radio_address(source->radio[i]), address) == 0)
			return true;
	return false;
}

static void look_for_absent(const struct source_bluez *source)
{
	const char *at = source->context.conf->bluetooth.adapters;
	char address[ADDRESS_SIZE], shortened[ADDRESS_SHORT_SIZE], absent[128] = "";
	size_t n;

	for (at = at ? at : ""; *at; at += n ? n : 1) {
		n = strcspn(at, " ,");
		if (n != ADDRESS_SIZE - 1)
			continue; /* "all", or between two */
		memcpy(address, at, n);
		address[n] = '\0';
		address_shorten(address, shortened);
		if (!is_there(source, address) && strlen(absent) + n < sizeof(absent))
			strcat(strcat(absent, " "), shortened);
	}
	tell(source, HEALTH_ADAPTER_ABSENT, ALL, absent[0] != '\0',
		"[bluetooth] adapters names what is not there:%s. Plug it in, or correct the address: "
		"bluetoothctl list shows what is there.",
		absent);
}

static void look_at_version(const struct source_bluez *source)
{
	const struct conf *conf = source->context.conf;
	unsigned version = source->context.version;
	bool is_fd = conf->bluetooth.notify == NOTIFY_MODE_FD;

	for (size_t i = 0; i < conf->n_wearables; i++)
		is_fd |= !conf->wearable[i].is_gone && conf->wearable[i].has_notify &&
			 conf->wearable[i].notify == NOTIFY_MODE_FD;
	tell(source, HEALTH_BLUEZ_OLD, ALL,
		is_fd && version && version < BLUEZ_VERSION_SAFE_ACQUIRE,
		"With notify = fd, BlueZ %u.%u may leave coxad without an answer when a wearable goes "
		"away. Set notify = auto, or install BlueZ 5.84 or newer.",
		version / 100, version % 100);
}

/* The file is read only where it matters. */
static void look_at_supervision(const struct source_bluez *source)
{
	struct bluez_le_conf conf = {.has_supervision = true};

	if (source->losses.has_warned)
		bluez_le_conf_read(source->le_conf_path, &conf);
	tell(source, HEALTH_SUPERVISION_SHORT, ALL, !conf.has_supervision,
		"Links drop, and with bluetoothd's own timeout of %d ms they do whenever a body hides a "
		"sensor. Put the three lines of /usr/share/doc/coxad/examples/bluetooth-main.conf below "
		"[LE] in /etc/bluetooth/main.conf, and restart bluetooth.service.",
		(int)(conf.supervision_us / US_PER_MS));
}

static void look_at_capacity(const struct source_bluez *source)
{
	unsigned adapters = 0, capacity = source->slots.capacity;
	size_t n = source->context.conf->n_present;

	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		adapters += source->radio[i] && bluez_radio_is_usable(source->radio[i]);
	tell(source, HEALTH_SLOTS_SHORT, ALL, adapters && n > (size_t)adapters * capacity,
		"%zu wearables, but %u adapter%s for %u each, so some have to wait. Add an adapter; or "
		"raise slots in [bluetooth], if yours holds more.",
		n, adapters, adapters == 1 ? "" : "s", capacity);
}

/* --- each adapter --- */

static void look_at_limit(
	const struct source_bluez *source, unsigned slot, const char *name, bool is_usable)
{
	unsigned limit = slots_limit(&source->slots, clock_now_us(), slot);

	tell(source, HEALTH_SLOTS_LEARNED, name, is_usable && limit < source->slots.capacity,
		"This adapter refuses more than %u connections, though slots allows %u. Set slots = %u in "
		"[bluetooth], and add an adapter for the other wearables.",
		limit, source->slots.capacity, limit);
}

/* What coxad does not want any more goes on: it is someone else's. While coxad scans too, nothing is known. */
static void look_at_others(
	struct source_bluez *source, unsigned slot, const char *name, bool is_wanted)
{
	const struct bluez_adapter *adapter = bluez_radio_adapter(source->radio[slot]);
	unsigned *scanned = &source->health.scanned[slot];

	if (adapter && is_wanted)
		return;
	*scanned = adapter && adapter->is_discovering ? *scanned + 1 : 0;
	tell(source, HEALTH_ADAPTER_SHARED, name, *scanned >= LOOKS_TO_TELL,
		"Another program scans with this adapter, so connecting takes longer and packets are "
		"lost. End it (bluetoothctl, a desktop's Bluetooth settings, Home Assistant), or give "
		"it an adapter of its own.");
}

static void look_at_hearing(
	struct source_bluez *source, unsigned slot, const char *name, bool is_wanted)
{
	const struct bluez_radio *radio = source->radio[slot];
	int64_t *missing_us = &source->health.missing_us[slot], now_us = clock_now_us();
	int64_t quiet_us = source->context.timing.scan_quiet_us;

	if (!is_wanted)
		*missing_us = 0;
	else if (!*missing_us)
		*missing_us = now_us;
	tell(source, HEALTH_ADAPTER_DEAF, name,
		*missing_us && now_us - *missing_us > quiet_us &&
			now_us - bluez_radio_heard_us(radio) > quiet_us,
		"This adapter looks for wearables, but hears nothing at all. If they are on, move it or "
		"its antenna out of metal, plug it in anew, and restart bluetooth.service; coxad has "
		"switched it off and on.");
}

static void look_at(struct source_bluez *source, unsigned slot)
{
	const struct bluez_radio *radio = source->radio[slot];
	const struct bluez_adapter *adapter = bluez_radio_adapter(radio);
	bool is_usable = bluez_radio_is_usable(radio) && !adapter->is_silent;
	struct bluez_radio_demand demand;
	char name[ADDRESS_SHORT_SIZE];
	bool is_wanted;

	address_shorten(bluez_radio_address(radio), name);
	source_bluez_links_demand(source, adapter, &demand);
	is_wanted = is_usable && (demand.is_missing || demand.wants_all);
	look_at_limit(source, slot, name, is_usable);
	look_at_others(source, slot, name, is_wanted);
	look_at_hearing(source, slot, name, is_wanted);
}

static int on_timer(sd_event_source *timer, uint64_t usec, void *user)
{
	struct source_bluez *source = user;

	if (source->left.is_mirrored) {
		look_for_absent(source);
		look_at_version(source);
		look_at_supervision(source);
		look_at_capacity(source);
	}
	for (unsigned i = 0; i < SLOTS_ADAPTERS_MAX; i++)
		if (source->radio[i])
			look_at(source, i);
	sd_event_source_set_time_relative(
		timer, (uint64_t)(source->context.timing.scan_quiet_us / LOOKS));
	return sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

int bluez_health_start(struct source_bluez *source)
{
	if (!source->context.ops->health)
		return 0;
	return sd_event_add_time_relative(source->context.loop, &source->health.timer,
		CLOCK_MONOTONIC, (uint64_t)(source->context.timing.scan_quiet_us / LOOKS), 0,
		on_timer, source);
}

void bluez_health_stop(struct source_bluez *source)
{
	sd_event_source_disable_unref(source->health.timer);
}
