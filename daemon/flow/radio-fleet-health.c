// SPDX-License-Identifier: MIT
#include "daemon/flow/radio-fleet-health.h"

#include <stdarg.h>
#include <stdio.h>

#include "coxad/base/units.h"
#include "coxad/wire/radio-batch.h"

#define SILENT_US (10 * (int64_t)US_PER_S)
#define RADIOS    "radios" /* the subject of what concerns them all */

__attribute__((format(printf, 4, 5))) static void tell(struct radio_fleet *fleet,
	enum health_code code, const char *subject, const char *format, ...)
{
	char text[HEALTH_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fleet->ops->health(fleet->user, &(struct health_report){code, subject, text});
}

static void solve(struct radio_fleet *fleet, enum health_code code, const char *subject)
{
	fleet->ops->health(fleet->user, &(struct health_report){code, subject, NULL});
}

/* True: it has become so, and is to be told. */
static bool begins(struct radio_fleet *fleet, struct radio_fleet_radio *radio,
	enum radio_fleet_told what, enum health_code code, bool is_so)
{
	bool was_told = radio->told & what;

	if (was_told == is_so)
		return false;
	radio->told ^= what;
	if (was_told)
		solve(fleet, code, radio->name);
	return is_so;
}

/* Since when nothing has been heard of it. */
static int64_t silent_since(const struct radio_fleet *fleet, const struct radio_fleet_radio *radio)
{
	return radio->heard_us > fleet->start_us ? radio->heard_us : fleet->start_us;
}

static void look_at_radio(
	struct radio_fleet *fleet, struct radio_fleet_radio *radio, int64_t now_us)
{
	const struct radio_status *status = &radio->status;

	if (begins(fleet, radio, RADIO_FLEET_TOLD_SILENT, HEALTH_RADIO_SILENT,
		    now_us - silent_since(fleet, radio) >= SILENT_US))
		tell(fleet, HEALTH_RADIO_SILENT, radio->name,
			"Nothing is heard of this radio any more. Its wearables are served by other "
			"radios that hear them. Check its power, its network, and coxad on it.");
	if (begins(fleet, radio, RADIO_FLEET_TOLD_VERSION, HEALTH_RADIO_VERSION,
		    status->protocol && status->protocol != RADIO_BATCH_PROTOCOL))
		tell(fleet, HEALTH_RADIO_VERSION, radio->name,
			"This radio runs coxad %s, which does not work with the version here, so it is "
			"not used. Install the same version on both.",
			*status->version ? status->version : "of an unknown version");
	if (radio->is_twice)
		tell(fleet, HEALTH_RADIO_NAME_TAKEN, radio->name,
			"Two radios have this name, and each undoes what the other does. Give each of "
			"them a name of its own: name in [gateway].");
	radio->is_twice = false;
}

/* When the next of them has been silent for long. */
static int64_t deadline_of(
	const struct radio_fleet *fleet, const struct radio_fleet_radio *radio, int64_t now_us)
{
	int64_t t_us = silent_since(fleet, radio) + SILENT_US;

	return radio->name && !radio->is_alive && t_us > now_us ? t_us : T_NEVER;
}

static void look_at_slots(struct radio_fleet *fleet)
{
	unsigned n = 0;

	for (unsigned k = 0; k < fleet->n_waiting; k++)
		n += fleet->place[fleet->waiting[k]].reason == FLEET_FULL;
	if (n == fleet->n_told_full)
		return;
	fleet->n_told_full = n;
	if (n)
		tell(fleet, HEALTH_SLOTS_SHORT, RADIOS,
			"%u wearable%s to wait, as all radios that hear %s have all their links in use. "
			"Add a radio or an adapter; or raise slots in the [bluetooth] of a radio, if its "
			"adapter holds more.",
			n, n == 1 ? " has" : "s have", n == 1 ? "it" : "them");
	else
		solve(fleet, HEALTH_SLOTS_SHORT, RADIOS);
}

static void look_at_bond(struct radio_fleet *fleet, unsigned i)
{
	struct radio_fleet_wearable *w = &fleet->wearable[i];
	const char *name = fleet->conf->wearable[i].name;
	bool is_so = w->reason == FLEET_BOND_ABSENT;

	if (is_so == w->is_told_bonded)
		return;
	w->is_told_bonded = is_so;
	if (is_so)
		tell(fleet, HEALTH_BOND_ELSEWHERE, name,
			"It is paired with the radio %s, which does not hear it. Bring it near that one, "
			"or pair it with another.",
			fleet->radio[fleet->asked[i].bond].name);
	else
		solve(fleet, HEALTH_BOND_ELSEWHERE, name);
}

void radio_fleet_health_look(struct radio_fleet *fleet, int64_t now_us)
{
	for (unsigned r = 0; r < fleet->n_radios; r++) {
		struct radio_fleet_radio *radio = &fleet->radio[r];
		int64_t t_us;

		if (radio->name)
			look_at_radio(fleet, radio, now_us);
		t_us = deadline_of(fleet, radio, now_us);
		fleet->next_us = t_us < fleet->next_us ? t_us : fleet->next_us;
	}
	look_at_slots(fleet);
	for (unsigned i = 0; i < fleet->conf->n_wearables; i++)
		if (!fleet->conf->wearable[i].is_gone)
			look_at_bond(fleet, i);
}

/* NULL: none. */
static const struct radio_status_problem *find_problem(
	const struct radio_status *status, enum health_code code)
{
	for (unsigned i = 0; i < status->n_problems; i++)
		if (status->problem[i].code == code)
			return &status->problem[i];
	return NULL;
}

/* One for each code: the subject is the radio. */
void radio_fleet_health_follow(struct radio_fleet *fleet, const char *radio,
	const struct radio_status *before, const struct radio_status *now)
{
	for (unsigned i = 0; i < HEALTH_CODE_COUNT; i++) {
		enum health_code code = (enum health_code)i;
		const struct radio_status_problem *problem = find_problem(now, code);

		if (problem)
			tell(fleet, code, radio, "%s: %s", problem->subject, problem->text);
		else if (find_problem(before, code))
			solve(fleet, code, radio);
	}
}

void radio_fleet_health_forget(struct radio_fleet *fleet, int index)
{
	struct radio_fleet_radio *radio = &fleet->radio[index];

	begins(fleet, radio, RADIO_FLEET_TOLD_SILENT, HEALTH_RADIO_SILENT, false);
	begins(fleet, radio, RADIO_FLEET_TOLD_VERSION, HEALTH_RADIO_VERSION, false);
	radio_fleet_health_follow(
		fleet, radio->name, &radio->status, &(struct radio_status){.n_problems = 0});
}

void radio_fleet_health_forget_wearable(
	struct radio_fleet *fleet, unsigned wearable, const char *name)
{
	if (fleet->wearable[wearable].is_told_bonded)
		solve(fleet, HEALTH_BOND_ELSEWHERE, name);
	fleet->wearable[wearable].is_told_bonded = false;
}
