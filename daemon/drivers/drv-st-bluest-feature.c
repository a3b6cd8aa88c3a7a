// SPDX-License-Identifier: MIT
#include "daemon/drivers/drv-st-bluest-feature.h"

static const struct uuid feature_base = {
	{0, 0, 0, 0, 0, 0x01, 0x11, 0xe1, 0xac, 0x36, 0, 0x02, 0xa5, 0xd5, 0xc5, 0x1b}};

uint32_t drv_st_bluest_feature_mask(const struct uuid *u)
{
	return (uint32_t)u->b[0] << 24 | (uint32_t)u->b[1] << 16 | (uint32_t)u->b[2] << 8 | u->b[3];
}

struct uuid drv_st_bluest_feature_uuid(uint32_t mask)
{
	struct uuid u = feature_base;

	for (unsigned i = 0; i < 4; i++)
		u.b[i] = (uint8_t)(mask >> (24 - 8 * i));
	return u;
}

bool drv_st_bluest_feature_has(const struct uuid *characteristic)
{
	uint32_t mask = drv_st_bluest_feature_mask(characteristic);
	struct uuid u = drv_st_bluest_feature_uuid(mask);

	return mask != 0 && uuid_is_equal(&u, characteristic);
}
