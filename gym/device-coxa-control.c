// SPDX-License-Identifier: MIT
#include "gym/device-coxa-control.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/bytes.h"
#include "gym/device-coxa-stream.h"
#include "gym/packet.h"

enum coxa_opcode {
	OPCODE_START = 0x01,
	OPCODE_STOP,
	OPCODE_SET_RATE,
	OPCODE_SET_TRIGGER,
	OPCODE_RESEND_POPS,
	OPCODE_READ_CLOCK,
	OPCODE_IDENTIFY,
	OPCODE_HAPTIC,
};

enum status {
	STATUS_DONE,
	STATUS_OPCODE,
	STATUS_PARAMETER,
	STATUS_BUSY,
	STATUS_NOT_PERMITTED,
};

static enum status start(struct coxa *coxa, int64_t t_us, unsigned streams)
{
	unsigned fresh = streams & ~coxa->streams;

	if (streams & ~coxa->base.config.streams)
		return STATUS_PARAMETER;
	coxa->streams |= streams;
	if (fresh & COXA_STREAM_MOTION)
		device_coxa_stream_restart_motion(coxa, t_us);
	if (fresh & COXA_STREAM_ACOUSTIC) {
		coxa->acoustic_first_us = (double)t_us;
		coxa->adpcm = (struct adpcm){0, 0};
	}
	device_coxa_stream_offer_symptom(coxa);
	return STATUS_DONE;
}

static enum status stop(struct coxa *coxa, unsigned streams)
{
	if (streams & ~coxa->base.config.streams)
		return STATUS_PARAMETER;
	coxa->streams &= ~streams;
	return STATUS_DONE;
}

static enum status set_rate(struct coxa *coxa, int64_t t_us, unsigned hz, struct packet *result)
{
	if (hz < 16 || hz > 400)
		return STATUS_PARAMETER;
	packet_u16(result, hz);
	coxa->base.config.rate_hz = hz;
	coxa->interval_us = (uint16_t)lrint(1e6 / hz);
	if (coxa->streams & COXA_STREAM_MOTION)
		device_coxa_stream_restart_motion(coxa, t_us);
	return STATUS_DONE;
}

static enum status pulse(struct coxa *coxa, int64_t t_us, uint8_t pattern)
{
	if (!(coxa->base.config.streams & COXA_STREAM_HAPTIC))
		return STATUS_NOT_PERMITTED;
	if (pattern < 1 || pattern > 3)
		return STATUS_PARAMETER;
	device_note_order(&coxa->base, t_us, OPCODE_HAPTIC, pattern);
	return STATUS_DONE;
}

/* Carries out an opcode whose parameters have the right length; appends to the result. */
static enum status execute(
	struct coxa *coxa, int64_t t_us, uint8_t opcode, struct bytes *in, struct packet *result)
{
	switch (opcode) {
	case OPCODE_START:
		return start(coxa, t_us, bytes_u8(in));
	case OPCODE_STOP:
		return stop(coxa, bytes_u8(in));
	case OPCODE_SET_RATE:
		return set_rate(coxa, t_us, bytes_le16(in), result);
	case OPCODE_SET_TRIGGER:
		coxa->trigger_db = bytes_u8(in);
		return STATUS_DONE;
	case OPCODE_RESEND_POPS:
		packet_u16(result, device_coxa_stream_resend_pops(coxa, bytes_le16(in), true));
		return STATUS_DONE;
	case OPCODE_READ_CLOCK:
		packet_u64(result, (uint64_t)floor(device_clock_us(&coxa->base, (double)t_us)));
		return STATUS_DONE;
	case OPCODE_IDENTIFY:
		device_note_order(&coxa->base, t_us, opcode, bytes_u8(in));
		return STATUS_DONE;
	case OPCODE_HAPTIC:
		return pulse(coxa, t_us, bytes_u8(in));
	default:
		return STATUS_OPCODE;
	}
}

int device_coxa_control_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size)
{
	static const uint8_t parameter_size[] = {0, 1, 1, 2, 1, 2, 0, 1, 1};
	struct coxa *coxa = (struct coxa *)device;
	struct bytes in = bytes_of(value, size);
	struct packet result = {.n = 0}, answer = {.n = 0};
	uint8_t opcode = bytes_u8(&in);
	enum status status;

	if (size == 0)
		return -ATT_ERROR_INVALID_LENGTH;
	if (!device->ccc[COXA_CONTROL])
		return -ATT_ERROR_CCC_NOT_CONFIGURED;
	if (opcode < ARRAY_LEN(parameter_size) && opcode > 0 && size - 1 != parameter_size[opcode])
		status = STATUS_PARAMETER;
	else
		status = execute(coxa, t_us, opcode, &in, &result);
	packet_u8(&answer, opcode | 0x80);
	packet_u8(&answer, status);
	packet_bytes(&answer, result.b, result.n);
	device_send(device, COXA_CONTROL, answer.b, answer.n);
	/* The pops follow the answer that counts them. */
	if (opcode == OPCODE_RESEND_POPS && status == STATUS_DONE)
		device_coxa_stream_resend_pops(coxa, (uint16_t)(value[1] | value[2] << 8), false);
	return 0;
}
