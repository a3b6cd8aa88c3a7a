// SPDX-License-Identifier: MIT
#include "gym/packet.h"

#include <math.h>
#include <string.h>

void packet_u8(struct packet *p, unsigned value)
{
	if (p->n < sizeof(p->b))
		p->b[p->n++] = (uint8_t)value;
}

void packet_u16(struct packet *p, unsigned value)
{
	packet_u8(p, value & 0xff);
	packet_u8(p, value >> 8);
}

void packet_u32(struct packet *p, uint32_t value)
{
	packet_u16(p, value & 0xffff);
	packet_u16(p, value >> 16);
}

void packet_u64(struct packet *p, uint64_t value)
{
	packet_u32(p, (uint32_t)value);
	packet_u32(p, (uint32_t)(value >> 32));
}

void packet_i16(struct packet *p, double value)
{
	packet_u16(p, (uint16_t)(int16_t)lrint(fmax(INT16_MIN, fmin(INT16_MAX, value))));
}

void packet_f32(struct packet *p, double value)
{
	float narrow = (float)value;
	uint32_t bits;

	memcpy(&bits, &narrow, sizeof(bits));
	packet_u32(p, bits);
}

void packet_i16_axes(struct packet *p, const double value[3])
{
	for (unsigned i = 0; i < 3; i++)
		packet_i16(p, value[i]);
}

void packet_f32_axes(struct packet *p, const double value[3])
{
	for (unsigned i = 0; i < 3; i++)
		packet_f32(p, value[i]);
}

void packet_bytes(struct packet *p, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++)
		packet_u8(p, bytes[i]);
}

void packet_pad(struct packet *p, size_t n)
{
	while (p->n < n)
		packet_u8(p, 0);
}

int packet_copy(const struct packet *p, uint8_t ret[DEVICE_VALUE_MAX])
{
	memcpy(ret, p->b, p->n);
	return (int)p->n;
}
