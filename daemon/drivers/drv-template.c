// SPDX-License-Identifier: MIT
/* A template for new drivers, never linked into coxad; doc/adding-a-driver.md says how to use it.
 *
 *   ffe1 motion   count u8 | time u16 ms | ax ay az i16 mg | gx gy gz i16 0.1 dps   little-endian
 *
 * Name here the document and section that each layout and unit come from.
 */
#include "coxad/base/units.h"
#include "coxad/drivers/driver.h"

#define TEMPLATE_SIZE 15

static const struct uuid service = UUID_SIG(0xffe0);
static const struct uuid motion = UUID_SIG(0xffe1);

struct template_state {
	bool has_count;
	uint8_t count;
	struct motion_sample sample;
};

static bool template_claims(const struct uuid *characteristic)
{
	return uuid_is_equal(characteristic, &motion);
}

static void template_connected(void *state, unsigned mtu)
{
	struct template_state *s = state;

	s->has_count = false;
}

/* In this order: length, type, check, extract, range, emit. Nothing is emitted before the whole
 * packet is known to be good. */
static int template_decode(
	void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct template_state *s = state;
	struct bytes b = bytes_of(in->data, in->size);
	struct record r = {.kind = RECORD_MOTION, .has_tick = true};
	uint8_t count, ahead;

	if (!template_claims(in->characteristic))
		return -REASON_TYPE;
	if (in->size != TEMPLATE_SIZE)
		return -REASON_LENGTH;
	count = bytes_u8(&b);
	r.tick = bytes_le16(&b);
	ahead = (uint8_t)(count - s->count);
	if (s->has_count && ahead == 0)
		return -REASON_DUPLICATE;
	r.motion.lost_packets = s->has_count ? (uint16_t)(ahead - 1) : 0;
	s->has_count = true;
	s->count = count;
	for (unsigned i = 0; i < 3; i++)
		s->sample.acc_mps2[i] = (float)(bytes_le16s(&b) * GRAVITY_MPS2 / 1000);
	for (unsigned i = 0; i < 3; i++)
		s->sample.gyr_rps[i] = (float)(bytes_le16s(&b) * 0.1 * RAD_PER_DEG);
	r.motion.n = 1;
	r.motion.interval_us = 10000;
	r.motion.has_gyr = true;
	r.motion.samples = &s->sample;
	emit(&r, user);
	return 1;
}

/* Called with index 0, 1, 2, ... until it returns 0. */
static int template_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	if (plan != DRIVER_PLAN_START || index > 0)
		return 0;
	*ret = (struct driver_step){.kind = DRIVER_STEP_SUBSCRIBE, .characteristic = motion};
	return 1;
}

extern const struct driver drv_template;
const struct driver drv_template = {
	.id = "template",
	.name = "Template for new drivers",
	.match = {.services = &service, .n_services = 1},
	.streams = STREAM_MOTION,
	.clock = DRIVER_CLOCK_DEVICE,
	.tick_us = 1000,
	.tick_bits = 16,
	.max_skew_ppm = 200,
	.nominal_rate_hz = 100,
	.counts_packets = true,
	.state_size = sizeof(struct template_state),
	.connected = template_connected,
	.claims = template_claims,
	.decode = template_decode,
	.plan = template_plan,
};
