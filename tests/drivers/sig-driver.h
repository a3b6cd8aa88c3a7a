// SPDX-License-Identifier: MIT
#pragma once
/* The standard services as a driver, so that they go through the tests of drivers. Heart rate has a
 * driver of its own. */
#include "coxad/drivers/sig-services.h"

static inline bool sig_driver_claims(const struct uuid *characteristic)
{
	return sig_services_claim(characteristic) &&
	       !uuid_is_equal(characteristic, &UUID_SIG(0x2a37));
}

static inline int sig_driver_decode(
	void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	return sig_driver_claims(in->characteristic) ? sig_services_decode(in, emit, user)
						     : -REASON_TYPE;
}

static const struct driver sig_driver = {
	.id = "sig-services",
	.name = "Services of the SIG that any wearable may have",
	.streams = STREAM_MOTION,
	.clock = DRIVER_CLOCK_ARRIVAL,
	.state_size = 1,
	.claims = sig_driver_claims,
	.decode = sig_driver_decode,
};
