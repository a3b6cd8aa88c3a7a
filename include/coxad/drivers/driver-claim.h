// SPDX-License-Identifier: MIT
#pragma once
/* Which driver, if any, an advertisement is for. Advertised bytes are anybody's: a claim only says with
 * whom it is worth to connect, and the characteristics found then decide. Pure.
 */
#include "coxad/drivers/driver.h"

enum driver_claim driver_claim_by(
	const struct driver *driver, const struct driver_sighting *sighting);
/* The driver that is most sure, the first of the list among equals; NULL: a stranger. */
const struct driver *driver_claim_find(
	const struct driver_sighting *sighting, enum driver_claim *ret);
