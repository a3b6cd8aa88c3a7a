// SPDX-License-Identifier: MIT
#pragma once
/* What a BlueST node reveals in its advertisement, as manufacturer data. */
#include "coxad/drivers/driver.h"

struct bluest_advert {
	const char *device; /* NULL: unknown */
	bool has_mask;
	uint32_t mask;
	uint8_t firmware, options[3];
	const uint8_t *address; /* NULL: not in it */
};

/* 0 or -REASON_x. */
int drv_st_bluest_advert_read(const uint8_t *data, size_t size, struct bluest_advert *ret);
/* driver.sighted */
enum driver_claim drv_st_bluest_advert_sighted(const struct driver_sighting *sighting);
/* As records: driver.advert. */
int drv_st_bluest_advert_emit(const uint8_t *data, size_t size, driver_emit_fn emit, void *user);
