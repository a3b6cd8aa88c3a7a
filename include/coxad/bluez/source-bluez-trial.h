// SPDX-License-Identifier: MIT
#pragma once
/* Connections to wearables that are not configured, while somebody chooses among them. They take a free slot
 * of an adapter like any other, and what they send goes no further than a struct trial. They end by
 * themselves when nobody asks any more; bluetoothd then forgets devices that it was not paired with before.
 */
#include "coxad/base/address.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/flow/trial.h"

#define SOURCE_BLUEZ_TRIAL_MAX       3
#define SOURCE_BLUEZ_TRIAL_MARKS_MAX 8

struct source_bluez_trial_seen {
	char address[ADDRESS_SIZE];
	const struct driver *driver;
	enum wearable_problem problem; /* what keeps it from connecting */
	struct trial_figures figures;
};

/* What a coxad that is killed leaves at bluetoothd. */
struct source_bluez_trial_mark {
	char address[ADDRESS_SIZE];
	bool was_bonded; /* before its trial: it stays paired */
};

/* Those of `address` (upper case) from now for so long, and no others. -ENOENT: one was not found by the
 * scan that is under way, and nothing has changed. */
int source_bluez_trial_hold(
	struct source_bluez *source, char (*address)[ADDRESS_SIZE], size_t n, int64_t for_us);
/* Returns how many. Strings are borrowed until the next call. */
size_t source_bluez_trial_look(struct source_bluez *source,
	struct source_bluez_trial_seen ret[static SOURCE_BLUEZ_TRIAL_MAX]);
/* It shines, buzzes or the like. -ENOENT, -ENOTSUP, -ENOTCONN, -EAGAIN. */
int source_bluez_trial_identify(struct source_bluez *source, const char *address, unsigned seconds);
/* Of now; source_bluez_ops tells when they change. Returns how many. */
size_t source_bluez_trial_marks(const struct source_bluez *source,
	struct source_bluez_trial_mark ret[static SOURCE_BLUEZ_TRIAL_MARKS_MAX]);
/* At the start: of the coxad that ran before. They are disconnected and forgotten, unless they were adopted. */
void source_bluez_trial_recall(
	struct source_bluez *source, const struct source_bluez_trial_mark *mark, size_t n);
