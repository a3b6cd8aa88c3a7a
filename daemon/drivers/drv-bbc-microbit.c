// SPDX-License-Identifier: MIT
/* BBC micro:bit V1, V2, from its Bluetooth profile 1.11. UUIDs are
 * E95Dxxxx-251D-470A-A062-FA1922DFA9A8; all little-endian.
 *
 *   ca4b acceleration   x y z i16 mg
 *   fb24 its period     u16 ms; the device rounds it, so it is read back
 *   da90, da91 button   u8: 0 released, 1 pressed, 2 held
 *   93ee text           written: it scrolls over the lights
 *
 * A board has only what its program includes, so all but the acceleration is optional; the program
 * also sets the range, which nothing tells. There is no
 * clock and no counter, so samples are counted. They come in bursts, and on V1 every 18 ms when 20
 * is asked for.
 */
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/drivers/button.h"
#include "coxad/drivers/raw-axes.h"
#include "coxad/drivers/sample-count.h"
#include "coxad/drivers/sighting.h"

#define MICROBIT_ACC      0xca4b
#define MICROBIT_PERIOD   0xfb24
#define MICROBIT_BUTTON_A 0xda90
#define MICROBIT_BUTTON_B 0xda91
#define MICROBIT_LED_TEXT 0x93ee

#define PERIOD_MS 20
#define RATE_HZ   (1000 / PERIOD_MS)
/* In whole mg. */
#define FULL_SHARE     0.9999
#define BUTTON_PRESSED 1
#define BUTTON_HELD    2

static const struct uuid service = {{0xe9, 0x5d, 0x07, 0x53, 0x25, 0x1d, 0x47, 0x0a, 0xa0, 0x62,
	0xfa, 0x19, 0x22, 0xdf, 0xa9, 0xa8}};

struct microbit_state {
	struct sample_count count;
	bool is_pressed[2];
	struct raw_axes_range range;
	struct motion_sample sample;
};

static struct uuid uuid_of(unsigned number)
{
	return uuid_with_number(service, number);
}

static bool microbit_claims(const struct uuid *characteristic)
{
	unsigned number = uuid_number(characteristic);
	struct uuid u = uuid_of(number);

	return uuid_is_equal(&u, characteristic) &&
	       (number == MICROBIT_ACC || number == MICROBIT_PERIOD ||
		       number == MICROBIT_BUTTON_A || number == MICROBIT_BUTTON_B);
}

static void microbit_connected(void *state, unsigned mtu)
{
	struct microbit_state *s = state;

	sample_count_restart(&s->count);
	s->range = (struct raw_axes_range){0};
	s->is_pressed[0] = s->is_pressed[1] = false;
}

static int decode_acceleration(struct microbit_state *s, struct bytes b, int64_t arrival_us,
	driver_emit_fn emit, void *user)
{
	struct record r = {.kind = RECORD_MOTION};
	int mg[3];

	if (!raw_axes_read(&b, mg))
		return -REASON_RANGE;
	s->sample = (struct motion_sample){0};
	for (unsigned i = 0; i < 3; i++)
		s->sample.acc_mps2[i] = (float)(mg[i] * GRAVITY_MPS2 / 1000);
	if (raw_axes_reach(&s->range, s->sample.acc_mps2, FULL_SHARE))
		s->sample.flags |= SAMPLE_ACC_CLIPPED;
	r.motion = (struct motion_block){.n = 1, .samples = &s->sample};
	r.motion.interval_us =
		s->count.interval_us > 0 ? s->count.interval_us : PERIOD_MS * (double)US_PER_MS;
	r.has_tick = sample_count_push(&s->count, 1, arrival_us, &r.tick);
	emit(&r, user);
	return 1;
}

static int decode_button(
	struct microbit_state *s, bool is_b, struct bytes b, driver_emit_fn emit, void *user)
{
	unsigned button = bytes_u8(&b);

	if (button > BUTTON_HELD)
		return -REASON_RANGE;
	/* A held button was pressed before. */
	return button_push(
		&s->is_pressed[is_b], button >= BUTTON_PRESSED, (struct record){0}, emit, user);
}

static int microbit_decode(
	void *state, const struct driver_input *in, driver_emit_fn emit, void *user)
{
	struct bytes b = bytes_of(in->data, in->size);
	unsigned number = uuid_number(in->characteristic);

	if (!microbit_claims(in->characteristic))
		return -REASON_TYPE;
	if (in->size != (number == MICROBIT_ACC ? 6 : number == MICROBIT_PERIOD ? 2 : 1))
		return -REASON_LENGTH;
	switch (number) {
	case MICROBIT_ACC:
		return decode_acceleration(state, b, in->arrival_us, emit, user);
	case MICROBIT_PERIOD:
		/* The rate that it reports is not the one that arrives, so the arrivals decide. */
		return bytes_le16(&b) > 0 ? 0 : -REASON_RANGE;
	default:
		return decode_button(state, number == MICROBIT_BUTTON_B, b, emit, user);
	}
}

static int microbit_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	static const struct {
		enum driver_step_kind kind;
		uint16_t number;
	} steps[] = {
		{DRIVER_STEP_WRITE, MICROBIT_PERIOD},
		{DRIVER_STEP_READ, MICROBIT_PERIOD},
		{DRIVER_STEP_SUBSCRIBE, MICROBIT_ACC},
		{DRIVER_STEP_SUBSCRIBE, MICROBIT_BUTTON_A},
		{DRIVER_STEP_SUBSCRIBE, MICROBIT_BUTTON_B},
	};

	if (plan != DRIVER_PLAN_START || index >= sizeof(steps) / sizeof(steps[0]))
		return 0;
	*ret = (struct driver_step){.kind = steps[index].kind,
		.characteristic = uuid_of(steps[index].number),
		.is_optional = steps[index].number != MICROBIT_ACC};
	if (ret->kind == DRIVER_STEP_WRITE) {
		/* Below 20 ms boards have crashed. */
		ret->bytes[0] = PERIOD_MS;
		ret->size = 2;
	}
	return 1;
}

/* No service is advertised; the name goes on with "[xxxxx]" in some builds (microbit-dal,
 * MicroBitBLEManager.cpp). */
static enum driver_claim microbit_sighted(const struct driver_sighting *sighting)
{
	static const char name[] = "BBC micro:bit";
	const char *rest =
		sighting_has_prefix(sighting, name) ? sighting->name + sizeof(name) - 1 : "?";

	return !*rest || strncmp(rest, " [", 2) == 0 ? DRIVER_CLAIM_LIKELY : DRIVER_CLAIM_NONE;
}

/* A text that scrolls over the lights ends by itself (profile 1.11, LED Text, 20 octets at most). */
static int microbit_order(const void *state, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret)
{
	static const char text[] = "COXA";

	if (order != DRIVER_ORDER_IDENTIFY || index > 0)
		return 0;
	*ret = (struct driver_step){.kind = DRIVER_STEP_WRITE,
		.characteristic = uuid_of(MICROBIT_LED_TEXT),
		.size = sizeof(text) - 1};
	memcpy(ret->bytes, text, ret->size);
	return 1;
}

extern const struct driver drv_bbc_microbit;
const struct driver drv_bbc_microbit = {
	.id = "bbc-microbit",
	.name = "BBC micro:bit V1, V2",
	.match = {.services = &service, .n_services = 1, .name_prefix = "BBC micro:bit"},
	.sighted = microbit_sighted,
	.streams = STREAM_MOTION | STREAM_SYMPTOM,
	.clock = DRIVER_CLOCK_COUNT,
	.tick_us = 1, /* the count at its nominal rate, sample-count.h */
	.tick_bits = 64,
	.max_skew_ppm = 50000,
	.nominal_rate_hz = RATE_HZ,
	.limits =
		"no rate of turn, jerky; 2 g, so shocks clip; for tests only; needs a passkey to pair "
		"with some programs",
	.state_size = sizeof(struct microbit_state),
	.connected = microbit_connected,
	.claims = microbit_claims,
	.decode = microbit_decode,
	.plan = microbit_plan,
	.order = microbit_order,
};
