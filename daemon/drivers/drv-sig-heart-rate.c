// SPDX-License-Identifier: MIT
/* The Bluetooth SIG's Heart Rate Service 180D, for wearables without a better driver. Its layout
 * is in sig-services.c, which also reads it from wearables that have a driver of their own.
 *
 *   2a37   rate, contact, energy, beat intervals
 *
 * There is no time in it: the arrival is all there is.
 */
#include "coxad/drivers/driver.h"
#include "coxad/drivers/sig-services.h"

static const struct uuid service = UUID_SIG(0x180d);
static const struct uuid measurement = UUID_SIG(0x2a37);

struct heart_rate_state {
	unsigned packets;
};

static bool heart_rate_claims(const struct uuid *characteristic)
{
	return uuid_is_equal(characteristic, &measurement);
}

static int heart_rate_decode(
	void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct heart_rate_state *s = state;

	if (!heart_rate_claims(in->characteristic))
		return -REASON_TYPE;
	s->packets++;
	return sig_services_decode(in, emit, user);
}

static int heart_rate_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	if (plan != DRIVER_PLAN_START || index > 0)
		return 0;
	*ret = (struct driver_step){.kind = DRIVER_STEP_SUBSCRIBE, .characteristic = measurement};
	return 1;
}

extern const struct driver drv_sig_heart_rate;
const struct driver drv_sig_heart_rate = {
	.id = "sig-heart-rate",
	.name = "Anything with the Bluetooth Heart Rate Service",
	.match = {.services = &service, .n_services = 1},
	.streams = STREAM_HEART_RATE,
	.clock = DRIVER_CLOCK_ARRIVAL,
	.nominal_rate_hz = 1,
	.limits = "heart rate only",
	.state_size = sizeof(struct heart_rate_state),
	.claims = heart_rate_claims,
	.decode = heart_rate_decode,
	.plan = heart_rate_plan,
};
