// SPDX-License-Identifier: MIT
#include "coxad/drivers/driver-claim.h"

#include "coxad/drivers/driver-list.h"
#include "coxad/drivers/sighting.h"

enum driver_claim driver_claim_by(
	const struct driver *driver, const struct driver_sighting *sighting)
{
	const struct driver_match *match = &driver->match;

	if (sighting_has_service(sighting, match->services, match->n_services))
		return DRIVER_CLAIM_SURE;
	if (driver->sighted)
		return driver->sighted(sighting);
	return match->name_prefix && sighting_has_prefix(sighting, match->name_prefix)
		       ? DRIVER_CLAIM_LIKELY
		       : DRIVER_CLAIM_NONE;
}

const struct driver *driver_claim_find(
	const struct driver_sighting *sighting, enum driver_claim *ret)
{
	size_t n;
	const struct driver *const *list = driver_list(&n), *best = NULL;

	*ret = DRIVER_CLAIM_NONE;
	for (size_t i = 0; i < n; i++) {
		enum driver_claim claim = driver_claim_by(list[i], sighting);

		if (claim > *ret) {
			*ret = claim;
			best = list[i];
		}
	}
	return best;
}
