// SPDX-License-Identifier: MIT
#include "daemon/main/manager-adopt.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/bluez/source-bluez-trial.h"
#include "coxad/loop/clock.h"
#include "daemon/main/scan-on-command.h"

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

char *manager_adopt_scan(void *user, unsigned seconds)
{
	const struct manager *m = user;

	return m->source ? scan_on_command(m->source, seconds) : NULL;
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
