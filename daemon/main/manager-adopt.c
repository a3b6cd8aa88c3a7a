// SPDX-License-Identifier: MIT
#include "daemon/main/manager-adopt.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/bluez/source-bluez-scan.h"
#include "coxad/bluez/source-bluez-trial.h"
#include "coxad/loop/clock.h"

void manager_adopt_changed(void *user)
{
	const struct manager *m = user;
	struct source_bluez_trial_mark mark[SOURCE_BLUEZ_TRIAL_MARKS_MAX];

	if (m->source)
		trial_mark_write(&m->trials, mark, source_bluez_trial_marks(m->source, mark));
}

void manager_adopt_recall(void *user)
{
	const struct manager *m = user;
	struct source_bluez_trial_mark mark[SOURCE_BLUEZ_TRIAL_MARKS_MAX];

	source_bluez_trial_recall(m->source, mark, trial_mark_read(&m->trials, mark));
}

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

_Static_assert(CONTROL_TRY_MAX == SOURCE_BLUEZ_TRIAL_MAX, "each has a place");

int manager_adopt_hold(void *user, char (*address)[ADDRESS_SIZE], size_t n, unsigned seconds)
{
	struct manager *m = user;

	return m->source
		       ? source_bluez_trial_hold(m->source, address, n, (int64_t)seconds * US_PER_S)
		       : -ENOENT;
}

static json_t *number_of(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *held_of(const struct source_bluez_trial_seen *seen)
{
	const struct trial_figures *f = &seen->figures;
	const char *problem = seen->problem == WEARABLE_PROBLEM_NONE
				      ? NULL
				      : wearable_problem_to_string(seen->problem);

	return json_pack("{s:s,s:s,s:s,s:s?,s:o,s:o,s:o,s:o,s:b,s:b}", "address", seen->address,
		"driver", seen->driver->id, "state", wearable_state_to_string(f->status.state),
		"problem", problem, "turned_deg", number_of(f->turned_deg), "rate_hz",
		number_of(f->status.rate_hz), "loss_percent", number_of(f->status.loss_percent),
		"battery_percent", number_of(f->status.battery_percent), "can_identify",
		f->can_identify, "needs_bond", seen->driver->needs_bond);
}

char *manager_adopt_held(void *user)
{
	struct manager *m = user;
	struct source_bluez_trial_seen seen[SOURCE_BLUEZ_TRIAL_MAX];
	size_t n = m->source ? source_bluez_trial_look(m->source, seen) : 0;
	json_t *list = json_array();
	char *text;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, held_of(&seen[i]));
	list = json_pack("{s:o}", "held", list);
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}

int manager_adopt_identify(void *user, const char *address, unsigned seconds)
{
	struct manager *m = user;

	return m->source ? source_bluez_trial_identify(m->source, address, seconds) : -ENOENT;
}
