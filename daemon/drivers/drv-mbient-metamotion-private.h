// SPDX-License-Identifier: MIT
#pragma once
/* What both files of the MetaMotion driver need. Only the decoder writes the state. */
#include "coxad/drivers/driver.h"

#define META_UUID(x)                                                                               \
	{                                                                                          \
		{                                                                                  \
			0x32, 0x6a, 0x90, x, 0x85, 0xcb, 0x91, 0x95, 0xd9, 0xdd, 0x46, 0x4c, 0xfb, \
				0xba, 0xe7, 0x5a                                                   \
		}                                                                                  \
	}
static const struct uuid meta_command = META_UUID(0x01);
static const struct uuid meta_notify = META_UUID(0x06);

enum meta_module {
	MODULE_SWITCH = 0x01,
	MODULE_ACC = 0x03,
	MODULE_PROCESSOR = 0x09,
	MODULE_SETTINGS = 0x11,
	MODULE_GYR = 0x13,
	MODULE_MAG = 0x15,
	MODULE_FUSION = 0x19,
};

/* Implementation numbers of the modules. */
#define ACC_BMI270 4
#define GYR_BMI270 1

#define META_PACKED 3 /* samples in a packed register */

struct meta_state {
	uint8_t acc_kind, gyr_kind;       /* implementations */
	float acc_range_g, gyr_range_dps; /* 0: not read yet */
	bool has_processor, has_fusion;
	uint8_t processor;
	bool has_tick;
	uint32_t tick;
	double interval_us;
	bool is_pressed;
	bool has_gyr;
	unsigned gyr_age; /* accelerations since it came */
	float gyr_rps[META_PACKED][3];
	uint8_t gyr_flags;
	unsigned n_gyr;
	struct motion_sample samples[META_PACKED];
	float quat[1][4];
};
