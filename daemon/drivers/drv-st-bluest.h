// SPDX-License-Identifier: MIT
#pragma once
/* What the files of the BlueST driver share: drv-st-bluest.c decodes, -clock.c unwraps the time,
 * -advert.c reads what is advertised, -plan.c says what to subscribe. The state is written by the
 * decoder and its clock alone.
 */
#include "coxad/drivers/driver.h"
#include "coxad/drivers/ima-adpcm.h"

#define BLUEST_QUATS_MAX     3
#define BLUEST_AUDIO_SAMPLES 40

enum bluest_feature {
	FEATURE_SYNC = 0x40000000,
	FEATURE_SWITCH = 0x20000000,
	FEATURE_DIRECTION = 0x10000000,
	FEATURE_AUDIO = 0x08000000,
	FEATURE_LEVEL = 0x04000000,
	FEATURE_PROXIMITY = 0x02000000,
	FEATURE_LUX = 0x01000000,
	FEATURE_ACC = 0x00800000,
	FEATURE_GYR = 0x00400000,
	FEATURE_MAG = 0x00200000,
	FEATURE_PRESSURE = 0x00100000,
	FEATURE_HUMIDITY = 0x00080000,
	FEATURE_TEMPERATURE_2 = 0x00040000,
	FEATURE_BATTERY = 0x00020000,
	FEATURE_TEMPERATURE = 0x00010000,
	FEATURE_EVENT = 0x00000400,
	FEATURE_COMPACT = 0x00000100,
	FEATURE_FLOAT = 0x00000080,
};

struct bluest_state {
	/* Unwrapping, in ticks of unit_us. */
	bool has_time;
	uint16_t raw;
	int64_t ticks;
	int64_t arrival_us;
	unsigned unit_us; /* 0: not found yet */
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

struct bluest_advert {
	const char *device; /* NULL: of no name known here */
	bool has_mask;
	uint32_t mask;
	uint8_t firmware, options[3];
	const uint8_t *address; /* NULL: not told */
};

uint32_t bluest_mask_of(const struct uuid *characteristic);
struct uuid bluest_uuid_of(uint32_t mask);
bool bluest_claims(const struct uuid *characteristic);

/* The 16 bits of a packet as a count that does not wrap. */
void bluest_take_time(struct bluest_state *s, uint16_t raw, int64_t arrival_us);
/* The tick of what take_time took last; none before the unit is found. */
void bluest_stamp(const struct bluest_state *s, struct record *r);
/* False for a packet that was here before. Learns the interval of single samples. */
bool bluest_is_new(struct bluest_state *s, uint32_t mask);

/* 0 or -REASON_x. */
int bluest_read_advert(const uint8_t *data, size_t size, struct bluest_advert *ret);
int bluest_tell_advert(const uint8_t *data, size_t size, driver_emit_fn emit, void *user);
int bluest_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret);
