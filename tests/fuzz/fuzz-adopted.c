// SPDX-License-Identifier: MIT
/* The drop-ins that coxactl adopt and setup keep: what is taken is written so that it is read as the same.
 * The same bytes as what coxad tells of sensors nearby: who is chosen stands out. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/drop-in-text.h"
#include "ctl/chosen.h"
#include "ctl/nearby.h"
#include "ctl/topic.h"

static void expect(bool is_true)
{
	if (!is_true)
		abort();
}

static void check_text(enum drop_in_text_kind kind, const char *text, size_t size)
{
	json_t *sections = drop_in_text_parse(kind, text, size), *again;
	char *written;

	if (!sections)
		return;
	written = drop_in_text_write(kind, sections);
	again = drop_in_text_parse(kind, written, strlen(written));
	expect(json_equal(sections, again));
	free(written);
	json_decref(again);
	json_decref(sections);
}

static void check_choice(const json_t *list)
{
	const json_t *shaken = chosen_by_shaking(list), *nearest = chosen_by_distance(list);
	json_t *sorted = nearby_sorted(list), *one;
	size_t i;

	expect(json_array_size(sorted) == json_array_size(list));
	expect(chosen_by_distance(sorted) == nearest);
	json_array_foreach(list, i, one)
	{
		expect(!shaken || one == shaken ||
			!(topic_number(one, "turned_deg") >
				topic_number(shaken, "turned_deg") / 2));
		expect(!nearest || one == nearest ||
			!json_is_true(json_object_get(one, "has_motion")) ||
			nearby_rssi_dbm(one) < nearby_rssi_dbm(nearest));
	}
	json_decref(sorted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *list = json_loadb((const char *)data, size, 0, NULL);

	check_text(DROP_IN_TEXT_SENSORS, (const char *)data, size);
	check_text(DROP_IN_TEXT_GATEWAY, (const char *)data, size);
	if (json_is_array(list))
		check_choice(list);
	json_decref(list);
	return 0;
}
