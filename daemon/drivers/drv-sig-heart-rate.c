// SPDX-License-Identifier: MIT
/* The Bluetooth SIG's Heart Rate Service 180D, for any wearable that has it and nothing better.
 *
 *   2a37   flags u8: 0 rate is u16, 1 contact, 2 contact is told, 3 energy, 4 beat intervals
 *          rate u8 or u16 bpm | energy u16 kJ | intervals u16 1/1024 s, to the end
 *
 * A rate without contact where contact is told is none. No time: the arrival is all there is.
 */
#include "coxad/drivers/driver.h"

#define FLAG_WIDE         0x01
#define FLAG_CONTACT      0x02
#define FLAG_CONTACT_TOLD 0x04
#define FLAG_ENERGY       0x08
#define FLAG_INTERVALS    0x10

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
	struct record r = {.kind = RECORD_HEART_RATE};
	struct bytes b = bytes_of(in->data, in->size);
	unsigned flags = bytes_u8(&b);

	if (!heart_rate_claims(in->characteristic))
		return -REASON_TYPE;
	r.heart_rate_bpm = flags & FLAG_WIDE ? bytes_le16(&b) : bytes_u8(&b);
	if (flags & FLAG_ENERGY)
		bytes_le16(&b);
	if (b.failed || (flags & FLAG_INTERVALS ? bytes_left(&b) % 2 : bytes_left(&b)) != 0)
		return -REASON_LENGTH;
	s->packets++;
	if (flags & FLAG_CONTACT_TOLD && !(flags & FLAG_CONTACT))
		return 0;
	emit(&r, user);
	return 1;
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
	.name = "Any with the Bluetooth SIG's Heart Rate Service",
	.match = {.services = &service, .n_services = 1},
	.streams = STREAM_HEART_RATE,
	.clock = DRIVER_CLOCK_ARRIVAL,
	.nominal_rate_hz = 1,
	.limits = "heart rate alone",
	.state_size = sizeof(struct heart_rate_state),
	.claims = heart_rate_claims,
	.decode = heart_rate_decode,
	.plan = heart_rate_plan,
};
