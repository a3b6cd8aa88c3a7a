// SPDX-License-Identifier: MIT
#pragma once
/* What the BlueST driver remembers about a node. Only its decoder and its clock write it. */
#include "coxad/drivers/driver.h"
#include "coxad/drivers/ima-adpcm.h"
#include "coxad/drivers/raw-axes.h"

#define BLUEST_QUATS_MAX     3
#define BLUEST_AUDIO_SAMPLES 40

struct bluest_state {
	/* Unwrapping, in ticks of unit_us. */
	bool has_time;
	uint16_t raw;
	int64_t ticks;
	int64_t arrival_us;
	struct raw_axes_range range;
	unsigned unit_us; /* 0: not known yet */
	int64_t span_us;  /* arrival and ticks where the search for it began */
	int64_t span_ticks;
	unsigned span_packets;

	/* The last motion or orientation, against duplicates and for the interval. */
	uint32_t last_mask;
	int64_t last_ticks;
	double interval_us;

	bool is_pressed;

	struct ima_adpcm codec;
	int64_t audio_us; /* where the count of audio packets began */
	unsigned audio_packets;
	double audio_rate_hz;

	struct motion_sample sample;
	float quats[BLUEST_QUATS_MAX][4];
	int16_t audio[BLUEST_AUDIO_SAMPLES];
};
