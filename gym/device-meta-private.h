// SPDX-License-Identifier: MIT
#pragma once
/* What device-meta.c (the wearable) and device-meta-control.c (its commands) share. */
#include "gym/device-sold.h"

#define META_TICK_US        (48e6 / 32768)
#define META_PACKED         3
#define META_PROCESSORS_MAX 4

enum meta_characteristic { META_COMMAND, META_NOTIFY, META_MODEL, META_FIRMWARE, META_MAKER };

enum meta_module {
	MODULE_SWITCH = 0x01,
	MODULE_ACC = 0x03,
	MODULE_PROCESSOR = 0x09,
	MODULE_EVENT = 0x0a,
	MODULE_LOG = 0x0b,
	MODULE_SETTINGS = 0x11,
	MODULE_GYR = 0x13,
	MODULE_FUSION = 0x19,
};

/* The chip's streams: one sample, or three. */
struct meta_sensor {
	bool is_enabled, is_started, wants_single, wants_packed;
	uint8_t config[2];
	struct beat beat;
	struct measured packed[META_PACKED];
	unsigned n_packed;
};

struct meta {
	struct device base;
	bool is_r;
	struct meta_sensor acc, gyr;
	bool wants_button, wants_processors;
	struct {
		bool is_there, is_on;
	} processor[META_PROCESSORS_MAX]; /* accounters over single acceleration */
	struct {
		uint8_t mode, ranges, outputs, subscribed;
		bool is_started;
		struct beat beat;
	} fusion;
	struct button button;
	uint32_t boot;
};

void device_meta_say(struct meta *meta, const uint8_t *bytes, size_t n);
/* ATT's answer to a write. */
int device_meta_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
