// SPDX-License-Identifier: MIT
#pragma once
/* What drivers look for in an advertisement beyond their `match`. Pure. */
#include <string.h>

#include "coxad/drivers/driver.h"

static inline bool sighting_has_service(
	const struct driver_sighting *sighting, const struct uuid *services, size_t n)
{
	for (size_t i = 0; i < sighting->n_services; i++)
		for (size_t k = 0; k < n; k++)
			if (uuid_is_equal(&sighting->services[i], &services[k]))
				return true;
	return false;
}

static inline bool sighting_has_prefix(const struct driver_sighting *sighting, const char *prefix)
{
	return sighting->name && strncmp(sighting->name, prefix, strlen(prefix)) == 0;
}

/* The Bluetooth SIG's number of the maker. */
static inline bool sighting_has_company(const struct driver_sighting *sighting, unsigned company)
{
	return sighting->n_maker >= 2 &&
	       (sighting->maker[0] | (unsigned)sighting->maker[1] << 8) == company;
}
