// SPDX-License-Identifier: MIT
#pragma once
/* Measures one event that the detector found in the last second of sound: the features of
 * decision-model.md 7.2 on the 60 ms of the loudest pulse, and the levels before, between and after
 * its pulses. Makes no decision. Owns its buffers, allocated at init; costs a few transforms per
 * event.
 */
#include "coxad/core/analysis.h"
#include "coxad/core/record.h"
#include "daemon/core/pop/sound-memory.h"

/* How long before the onset and after the cluster time the surroundings are. */
#define EVENT_AROUND_MS 250.0

struct sound_event {
	uint64_t onset_hop, peak_hop;
	double floor_db, margin_db; /* margin above the floor that the onset needed */
	double peak_db;
};

struct event_meter {
	double cluster_ms, alone_db;
	struct spectrum *spectrum; /* owned */
	size_t window_n;           /* samples of the features' window */
	float *window;             /* owned */
	float *levels;             /* as many as hops in memory; owned */
};

/* memory: of the stream to be measured; only its sizes are read. */
void event_meter_init(struct event_meter *meter, const struct analysis_conf *analysis,
	const struct sound_memory *memory);
void event_meter_done(struct event_meter *meter);
/* contact_air_db and knock_g are unknown here: NAN. Sound up to hop `end` has been received. */
void event_meter_measure(struct event_meter *meter, const struct sound_memory *memory,
	const struct sound_event *event, uint64_t end, struct pop_features *ret);
