// SPDX-License-Identifier: MIT
#include "daemon/main/scan-on-command.h"

#include <jansson.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
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

char *scan_on_command(struct source_bluez *source, unsigned seconds)
{
	struct source_bluez_scan_found *found = alloc_zero(SOURCE_BLUEZ_SCAN_MAX, sizeof(*found));
	json_t *list = json_array();
	char *text;
	size_t n;

	source_bluez_scan_start(source, (int64_t)seconds * US_PER_S);
	n = source_bluez_scan_found(source, found, SOURCE_BLUEZ_SCAN_MAX);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, found_of(&found[i], clock_now_us()));
	free(found);
	list = json_pack("{s:o}", "candidates", list);
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}
