// SPDX-License-Identifier: MIT
#pragma once
/* The state of a virtual MetaMotion, for device-meta.c and device-meta-control.c alone. */
#include "gym/beat.h"
#include "gym/button.h"
#include "gym/chip.h"
#include "gym/device-private.h"

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

/* A sensor of the chip. It streams single samples, or three in a packet. */
struct meta_sensor {
	bool is_enabled, is_started, wants_single, wants_packed;
	uint8_t config[2];
	struct beat beat;
	struct chip_sample packed[META_PACKED];
	unsigned n_packed;
};

struct meta {
	struct device base;
	bool is_r; /* the R, which has the older chip */
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

static inline void meta_send(struct meta *meta, const void *bytes, size_t n)
{
	device_send(&meta->base, META_NOTIFY, bytes, n);
}
