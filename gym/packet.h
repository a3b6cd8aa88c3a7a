// SPDX-License-Identifier: MIT
#pragma once
/* A packet under construction, little-endian. What does not fit is dropped. Pure. */
#include <stddef.h>
#include <stdint.h>

#include "gym/device.h"

struct packet {
	uint8_t b[DEVICE_VALUE_MAX];
	size_t n;
};

void packet_u8(struct packet *p, unsigned value);
void packet_u16(struct packet *p, unsigned value);
void packet_u32(struct packet *p, uint32_t value);
void packet_u64(struct packet *p, uint64_t value);
/* Rounded, and limited to the range of 16 bits. */
void packet_i16(struct packet *p, double value);
void packet_f32(struct packet *p, double value);
/* Three numbers, one after the other. */
void packet_i16_axes(struct packet *p, const double value[3]);
void packet_f32_axes(struct packet *p, const double value[3]);
void packet_bytes(struct packet *p, const void *data, size_t size);
/* Zeros up to a length. */
void packet_pad(struct packet *p, size_t n);
/* Copies the packet out; returns its length, as an ATT read does. */
int packet_copy(const struct packet *p, uint8_t ret[DEVICE_VALUE_MAX]);
