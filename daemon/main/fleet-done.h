// SPDX-License-Identifier: MIT
#pragma once
/* How far the brain is with each radio's batches, on disk in the commit that has their results: what is
 * done is told to the radio, which may forget it, and a brain that is killed goes on from there.
 */
#include <stdbool.h>

#include "coxad/core/fleet/fleet-assign.h"
#include "coxad/core/result.h"
#include "coxad/flow/radio-hub.h"
#include "coxad/store/history-persister.h"

/* All zero: nothing was noted yet. */
struct fleet_done {
	struct fleet_done_note {
		char name[NAME_SIZE];
		int64_t boot, done;
	} noted[FLEET_RADIOS_MAX]; /* by index in the hub */
};

/* All results so far are about to be written: puts how far that is by radio_hub_mark, if it is further than
 * before. What was noted of a radio whose place in the hub another has is deleted. */
void fleet_done_begins(
	struct fleet_done *done, struct radio_hub *hub, struct history_persister *history);
/* What was noted may get to the disk without its results: back to what is settled. */
void fleet_done_withdraw(
	struct fleet_done *done, const struct radio_hub *hub, struct history_persister *history);
/* What an earlier run noted, at the start or when the disk could be read at last. */
void fleet_done_recall(struct radio_hub *hub, const char *radio, const char *text, size_t size);
/* There is something that was taken and is not settled. */
bool fleet_done_is_behind(const struct radio_hub *hub);
