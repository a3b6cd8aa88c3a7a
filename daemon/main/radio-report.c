// SPDX-License-Identifier: MIT
#include "config.h"

#include "daemon/main/radio-report.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/bluez/source-bluez-look.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/radio-batch.h"
#include "coxad/wire/radio-heard.h"
#include "daemon/main/radio-send.h"

#define HEARD_US  US_PER_S
#define STATUS_US (5 * (int64_t)US_PER_S) /* figures alone */
/* A scan goes on for so long after it was asked for. */
#define SCAN_US (5 * (int64_t)US_PER_S)
/* A controller that leaves out what it has told already tells it again after ten seconds. */
#define FRESH_US (12 * (int64_t)US_PER_S)

/* --- status --- */

size_t radio_report_offline(const struct radio *r, char ret[static RADIO_STATUS_MAX])
{
	struct radio_status status = {.protocol = RADIO_BATCH_PROTOCOL, .boot = r->boot};

	snprintf(status.version, sizeof(status.version), "%s", PACKAGE_VERSION);
	return radio_status_write(&status, ret);
}

static void add_adapters(const struct radio *r, struct radio_status *status)
{
	struct source_bluez_look_slots slots[RADIO_STATUS_ADAPTERS_MAX];
	size_t n = r->source ? source_bluez_look_slots(r->source, slots, ARRAY_LEN(slots)) : 0;

	status->n_adapters = (unsigned)n;
	for (size_t i = 0; i < n; i++) {
		struct radio_status_adapter *adapter = &status->adapter[i];

		*adapter = (struct radio_status_adapter){
			.slots = slots[i].slots, .used = slots[i].used, .limit = slots[i].limit};
		memcpy(adapter->address, slots[i].address, sizeof(adapter->address));
	}
}

static void add_problems(const struct radio *r, struct radio_status *status)
{
	for (unsigned i = 0; i < r->health.n && i < RADIO_STATUS_PROBLEMS_MAX; i++) {
		const struct health_problem *problem = &r->health.problem[i];
		struct radio_status_problem *one = &status->problem[status->n_problems++];

		one->code = problem->code;
		memcpy(one->subject, problem->subject, sizeof(one->subject));
		memcpy(one->text, problem->text, sizeof(one->text));
	}
}

void radio_report_health(struct radio *r, const struct health_report *report)
{
	if (!health_note(&r->health, clock_now_us(), report))
		return;
	journal_write(report->text ? LOG_WARNING : LOG_NOTICE, "bluez", "%s %s: %s",
		health_code_to_string(report->code), report->subject,
		report->text ? report->text : "solved");
}

static void add_buffer(const struct radio *r, struct radio_status *status, int64_t now_us)
{
	struct radio_uplink_status uplink;

	radio_uplink_status(r->uplink, &uplink);
	status->buffered_events = (int64_t)uplink.buffer.events;
	status->buffered_bytes = (int64_t)uplink.buffer.bytes;
	if (uplink.buffer.oldest_us < now_us)
		status->oldest_us = now_us - uplink.buffer.oldest_us;
	status->dropped = (int64_t)uplink.buffer.dropped;
	status->lost = (int64_t)(uplink.buffer.lost + uplink.too_long);
}

static void tell_status(struct radio *r, const struct radio_status *status, int64_t now_us)
{
	char topic[RADIO_SEND_TOPIC_SIZE], text[RADIO_STATUS_MAX];
	size_t size = radio_status_write(status, text);

	radio_send_topic(r, "status", topic);
	if (fleet_mqtt_send(r->fleet, topic, text, size, 1, true) < 0)
		return;
	r->report.told = *status;
	r->report.told_us = now_us;
}

/* What is more than a figure that goes up and down all the time. */
static bool is_news(const struct radio_status *now, const struct radio_status *told)
{
	return now->is_online != told->is_online || now->n_adapters != told->n_adapters ||
	       now->dropped != told->dropped || now->lost != told->lost ||
	       memcmp(now->adapter, told->adapter, sizeof(now->adapter)) != 0 ||
	       now->n_problems != told->n_problems ||
	       memcmp(now->problem, told->problem, sizeof(now->problem)) != 0;
}

static bool is_other(const struct radio_status *now, const struct radio_status *told)
{
	return now->buffered_events != told->buffered_events;
}

static void report_status(struct radio *r, int64_t now_us)
{
	struct radio_status status = {
		.is_online = true, .protocol = RADIO_BATCH_PROTOCOL, .boot = r->boot};

	snprintf(status.version, sizeof(status.version), "%s", PACKAGE_VERSION);
	add_adapters(r, &status);
	add_buffer(r, &status, now_us);
	health_advance(&r->health, now_us);
	add_problems(r, &status);
	if (is_news(&status, &r->report.told) ||
		(now_us - r->report.told_us >= STATUS_US && is_other(&status, &r->report.told)))
		tell_status(r, &status, now_us);
}

/* --- who is heard --- */

static bool add_served(const struct radio *r, const char *address, struct radio_heard_wearable *ret)
{
	int index = conf_find_address(r->conf, address);
	struct radio_station_seen seen;

	if (index < 0 || !radio_station_look(r->station, (unsigned)index, &seen))
		return false;
	ret->is_connected = seen.is_connected;
	ret->problem = seen.problem;
	if (seen.driver)
		snprintf(ret->driver, sizeof(ret->driver), "%s", seen.driver->id);
	return true;
}

static bool add_signal(const struct radio *r, const char *address, int64_t now_us,
	struct radio_heard_wearable *ret)
{
	struct source_bluez_look_signal signal;

	if (!source_bluez_look_signal(r->source, address, &signal))
		return false;
	ret->is_bonded = signal.is_bonded;
	if (signal.driver)
		snprintf(ret->driver, sizeof(ret->driver), "%s", signal.driver->id);
	if (now_us - signal.heard_us >= FRESH_US)
		return false;
	if (signal.rssi_dbm != SOURCE_BLUEZ_SCAN_RSSI_UNKNOWN)
		ret->rssi_dbm = (int8_t)signal.rssi_dbm;
	return true;
}

static bool is_heard(const struct radio *r, const char *address, int64_t now_us,
	struct radio_heard_wearable *ret)
{
	bool is_fresh;

	*ret = (struct radio_heard_wearable){.rssi_dbm = RADIO_HEARD_NO_RSSI};
	memcpy(ret->address, address, sizeof(ret->address));
	is_fresh = add_signal(r, address, now_us, ret);
	add_served(r, address, ret);
	return is_fresh || ret->is_connected || ret->problem != WEARABLE_PROBLEM_NONE;
}

/* Is any of the gym's wearables without a link, as far as this radio knows? */
static bool add_heard(const struct radio *r, int64_t now_us, struct radio_heard *heard)
{
	const struct radio_list *list = radio_station_list(r->station);
	bool is_missing = false;

	for (unsigned i = 0; i < list->n; i++) {
		const struct radio_list_wearable *listed = &list->wearable[i];
		struct radio_heard_wearable *one = &heard->wearable[heard->n];

		heard->n += is_heard(r, listed->address, now_us, one);
		is_missing |= !one->is_connected && !listed->radio[0];
	}
	return is_missing;
}

static void report_heard(struct radio *r, int64_t now_us)
{
	_auto_free_ struct radio_heard *heard = new0(struct radio_heard);
	_auto_free_ char *text = alloc_zero(1, RADIO_HEARD_MAX);

	if (r->source && add_heard(r, now_us, heard))
		source_bluez_scan_start(r->source, SCAN_US);
	radio_send(r, "heard", text, radio_heard_write(heard, text), 0);
}

/* --- when --- */

void radio_report_up(struct radio *r, int64_t now_us)
{
	r->report.told = (struct radio_status){0};
	r->report.next_us = now_us;
}

int64_t radio_report_deadline(const struct radio *r)
{
	return r->is_up ? r->report.next_us : T_NEVER;
}

void radio_report_advance(struct radio *r, int64_t now_us)
{
	if (radio_report_deadline(r) > now_us)
		return;
	report_status(r, now_us);
	report_heard(r, now_us);
	r->report.next_us = now_us + HEARD_US;
}
