// SPDX-License-Identifier: MIT
#include "daemon/main/manager-adopt.h"

#include <jansson.h>

#include "coxad/base/alloc.h"
#include "coxad/bluez/source-bluez-scan.h"
#include "coxad/loop/clock.h"

/* A name of anybody's choice may be no UTF-8, although the bus wants it. */
static json_t *found_of(const struct source_bluez_scan_found *found, int64_t now_us)
{
	char adapter[ADDRESS_SHORT_SIZE];
	bool is_heard = found->rssi_dbm > SOURCE_BLUEZ_SCAN_RSSI_UNKNOWN;

	address_shorten(found->adapter, adapter);
	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:f,s:b,s:o,s:s,s:b}", "address", found->address,
		"driver", found->driver->id, "family", found->driver->name, "claim",
		found->claim == DRIVER_CLAIM_SURE ? "sure" : "likely", "rssi_dbm",
		is_heard ? json_integer(found->rssi_dbm) : json_null(), "age_s",
		(double)(now_us - found->heard_us) / US_PER_S, "is_connected", found->is_connected,
		"name", found->name[0] ? json_string(found->name) : json_null(), "adapter", adapter,
		"has_motion", (found->driver->streams & STREAM_MOTION) != 0);
}

char *manager_adopt_scan(void *user, unsigned seconds)
{
	struct manager *m = user;
	struct source_bluez_scan_found *found;
	json_t *list;
	char *text;
	size_t n;

	if (!m->source)
		return NULL;
	found = alloc_zero(SOURCE_BLUEZ_SCAN_MAX, sizeof(*found));
	source_bluez_scan_start(m->source, (int64_t)seconds * US_PER_S);
	n = source_bluez_scan_found(m->source, found, SOURCE_BLUEZ_SCAN_MAX);
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, found_of(&found[i], clock_now_us()));
	free(found);
	list = json_pack("{s:o}", "candidates", list);
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}
