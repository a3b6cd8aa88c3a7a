// SPDX-License-Identifier: MIT
#pragma once
/* What outlives a restart: given back at the start, written when it changes. What an earlier run
 * remembered waits here for the header, before which there is no pipeline.
 */
#include "daemon/flow/gateway-private.h"

struct athlete_memory;
struct kit_calibration;

void gateway_memory_add(struct gateway *gateway, enum history_kind kind, const char *name,
	const char *text, size_t size);
/* Sets the clock as of now, after its settings in this boot and what is left of earlier boots. */
void gateway_memory_restore_clock(struct gateway *gateway, int64_t wall_us);
void gateway_memory_keep_clock(struct gateway *gateway);
/* Gives what waits to the pipeline and the intakes. */
void gateway_memory_restore(struct gateway *gateway);
void gateway_memory_forget(struct gateway *gateway);
/* Writes what a restart needs of the wearable, if it changed or was written long ago. */
void gateway_memory_keep_wearable(struct gateway_wearable *wearable);
/* It goes by another name from now on, or is another one. */
void gateway_memory_forget_wearable(struct gateway *gateway, const char *name);

/* These three are the pipeline's ops; user is the gateway. */
void gateway_memory_keep_calibration(
	void *user, unsigned kit, const struct kit_calibration *calibration);
void gateway_memory_keep_athlete(void *user, const struct athlete_memory *memory);
bool gateway_memory_recall_athlete(void *user, const char *athlete, struct athlete_memory *ret);
