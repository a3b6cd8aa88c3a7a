// SPDX-License-Identifier: MIT
/* The control point of the played Coxa wearable (doc/wearable-profile.md, 0003). */
#include <math.h>

#include "coxad/base/alloc.h"
#include "gym/device-coxa-private.h"

enum status {
	STATUS_DONE,
	STATUS_OPCODE,
	STATUS_PARAMETER,
	STATUS_BUSY,
	STATUS_NOT_PERMITTED,
};

static void start(struct coxa *coxa, int64_t t_us, unsigned streams)
{
	unsigned fresh = streams & ~coxa->streams;

	coxa->streams |= streams;
	if (fresh & STREAM_BIT_MOTION)
		device_coxa_begin_motion(
			coxa, (double)t_us + device_coxa_to_gym(coxa, coxa->interval_us));
	if (fresh & STREAM_BIT_ACOUSTIC) {
		coxa->acoustic_first_us = (double)t_us;
		coxa->adpcm = (struct adpcm){0, 0};
	}
	device_coxa_offer_symptom(coxa);
}

static enum status set_rate(struct coxa *coxa, int64_t t_us, unsigned hz)
{
	if (hz < 16 || hz > 400)
		return STATUS_PARAMETER;
	coxa->base.config.rate_hz = hz;
	coxa->interval_us = (uint16_t)lrint(1e6 / hz);
	if (coxa->streams & STREAM_BIT_MOTION)
		device_coxa_begin_motion(
			coxa, (double)t_us + device_coxa_to_gym(coxa, coxa->interval_us));
	return STATUS_DONE;
}

/* Carries out an opcode whose parameters have the right length; the result's length by pointer. */
static enum status obey(struct coxa *coxa, int64_t t_us, uint8_t opcode, struct bytes *in,
	uint8_t *result, size_t *ret_size)
{
	unsigned has = coxa->base.config.streams, value;
	uint64_t clock;

	switch (opcode) {
	case 0x01:
	case 0x02:
		value = bytes_u8(in);
		if (value & ~has)
			return STATUS_PARAMETER;
		if (opcode == 0x01)
			start(coxa, t_us, value);
		else
			coxa->streams &= ~value;
		return STATUS_DONE;
	case 0x03:
		value = bytes_le16(in);
		device_coxa_put16(result, value);
		*ret_size = 2;
		return set_rate(coxa, t_us, value);
	case 0x04:
		coxa->trigger_db = bytes_u8(in);
		return STATUS_DONE;
	case 0x05:
		device_coxa_put16(result, device_coxa_resend(coxa, bytes_le16(in), true));
		*ret_size = 2;
		return STATUS_DONE;
	case 0x06:
		clock = (uint64_t)floor(device_clock_us(&coxa->base, (double)t_us));
		device_coxa_put32(result, (uint32_t)clock);
		device_coxa_put32(result + 4, (uint32_t)(clock >> 32));
		*ret_size = 8;
		return STATUS_DONE;
	case 0x07:
		device_note_order(&coxa->base, t_us, opcode, bytes_u8(in));
		return STATUS_DONE;
	case 0x08:
		value = bytes_u8(in);
		if (!(has & STREAM_BIT_HAPTIC))
			return STATUS_NOT_PERMITTED;
		if (value < 1 || value > 3)
			return STATUS_PARAMETER;
		device_note_order(&coxa->base, t_us, opcode, (uint8_t)value);
		return STATUS_DONE;
	default:
		return STATUS_OPCODE;
	}
}

int device_coxa_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	static const uint8_t parameter_size[] = {0, 1, 1, 2, 1, 2, 0, 1, 1};
	struct coxa *coxa = (struct coxa *)device;
	struct bytes in = bytes_of(value, size);
	uint8_t answer[11] = {0}, opcode = bytes_u8(&in);
	enum status status;
	size_t n = 0;

	if (size == 0)
		return -0x0d; /* invalid attribute value length */
	if (!device->ccc[CHAR_CONTROL])
		return -0xfd; /* CCC improperly configured, Core Supplement Part B 1.2 */
	answer[0] = opcode | 0x80;
	if (opcode < ARRAY_LEN(parameter_size) && opcode > 0 && size - 1 != parameter_size[opcode])
		status = STATUS_PARAMETER;
	else
		status = obey(coxa, t_us, opcode, &in, answer + 2, &n);
	answer[1] = (uint8_t)status;
	device_send(device, CHAR_CONTROL, answer, 2 + (status == STATUS_DONE ? n : 0));
	if (opcode == 0x05 && status == STATUS_DONE)
		device_coxa_resend(coxa, (uint16_t)(value[1] | value[2] << 8), false);
	return 0;
}
