// SPDX-License-Identifier: MIT
#include "ctl/doctor-rates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/program.h"
#include "ctl/topic.h"

/* Below this share of the nominal rate, speed and the instant of a pop are known worse than they should be. */
#define RATE_SHARE 0.8
/* Before rate_hz: driver, name, gives, clock. */
#define FIELDS_BEFORE 4

/* Of a driver, in the table; NAN: it is not there. */
static double nominal_hz(const char *drivers, const char *driver)
{
	size_t length = strlen(driver);

	for (const char *line = drivers; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, driver, length) != 0 || line[length] != '\t')
			continue;
		for (unsigned i = 0; line && i < FIELDS_BEFORE; i++)
			line = strpbrk(line, "\t\n") ? strpbrk(line, "\t\n") + 1 : NULL;
		return line ? strtod(line, NULL) : NAN;
	}
	return NAN;
}

static bool has_motion(const json_t *wearable)
{
	json_t *stream;
	size_t i;

	json_array_foreach(json_object_get(wearable, "streams"), i, stream)
	{
		const char *name = json_string_value(stream);

		if (name && strcmp(name, "motion") == 0)
			return true;
	}
	return false;
}

static void compare(struct doctor *d, const char *drivers, const json_t *wearable)
{
	const char *name = topic_text(wearable, "name");
	_auto_free_ char *topic = alloc_printf("wearable/%s/status", name);
	const json_t *status = json_object_get(d->states, topic);
	double rate_hz = topic_number(status, "rate_hz");
	double wanted_hz = nominal_hz(drivers, topic_text(status, "driver"));

	if (strcmp(topic_text(status, "state"), "streaming") == 0 && has_motion(wearable) &&
		rate_hz < RATE_SHARE * wanted_hz)
		doctor_note(d, DOCTOR_WARNING, "wearable_slow", name,
			"It sends %.0f samples a second instead of %.0f: fewer wearables on one adapter, a "
			"better place for it; or its firmware does not do what coxad asks for.",
			rate_hz, wanted_hz);
}

void doctor_rates_compare(struct doctor *d, const char *drivers)
{
	const char *topic;
	json_t *inventory, *wearable;
	size_t i;

	json_object_foreach(d->states, topic, inventory)
	{
		if (!topic_is(topic, "gateway", "inventory"))
			continue;
		json_array_foreach(json_object_get(inventory, "wearables"), i, wearable)
			compare(d, drivers, wearable);
	}
}

void doctor_rates_check(struct doctor *d)
{
	static const char *const words[] = {"coxad", "--list-drivers", NULL};
	_auto_free_ char *drivers = NULL;

	if (d->states && program_run(words, &drivers) == 0)
		doctor_rates_compare(d, drivers);
}
