// SPDX-License-Identifier: MIT
#pragma once
/* Measures one event that the detector found in the last second of sound: decision-model.md 7.2's
 * features on the 60 ms of the loudest pulse, and how the event stands in what was heard before,
 * between and after its pulses. Judges nothing. Owns its buffers, taken at init; cost a few
 * transforms an event.
 */
#include "coxad/core/analysis.h"
#include "coxad/core/record.h"
#include "daemon/core/pop/sound-memory.h"

/* Half of a sound's surroundings: from so long before the onset, and after the cluster time. */
#define EVENT_AROUND_MS 250.0

struct sound_event {
	uint64_t onset_hop, peak_hop;
	double floor_db, margin_db; /* above the floor: what an onset needed */
	double peak_db;
};

struct event_meter {
	double cluster_ms, alone_db;
	struct spectrum *spectrum; /* owned */
	size_t window_n;           /* samples of the features' window */
	float *window;             /* owned */
	float *levels;             /* as many as hops in memory; owned */
};

/* memory: of the stream whose events will be measured; read for its sizes. */
void event_meter_init(struct event_meter *meter, const struct analysis_conf *analysis,
	const struct sound_memory *memory);
void event_meter_done(struct event_meter *meter);
/* What contact_air_db and knock_g are is not known here: NAN. Sound up to `end` hops is there. */
void event_meter_measure(struct event_meter *meter, const struct sound_memory *memory,
	const struct sound_event *event, uint64_t end, struct pop_features *ret);
