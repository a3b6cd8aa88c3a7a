// SPDX-License-Identifier: MIT
#pragma once
/* Features of BlueST nodes, and the characteristics that carry them: the mask of a
 * characteristic's features is the beginning of its UUID. Pure.
 */
#include "coxad/base/uuid.h"

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

uint32_t drv_st_bluest_feature_mask(const struct uuid *characteristic);
/* The characteristic that carries just these features. */
struct uuid drv_st_bluest_feature_uuid(uint32_t mask);
/* False if it is not a characteristic of a BlueST node. */
bool drv_st_bluest_feature_has(const struct uuid *characteristic);
