// SPDX-License-Identifier: MIT
#pragma once
/* A bounded cursor over bytes from outside. Reading past the end gives zeros and sets `failed`, so a
 * decoder can read a whole layout and check once. Borrows the bytes, allocates nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

static inline struct bytes bytes_of(const void *data, size_t size)
{
	const uint8_t *p = data;
	return (struct bytes){p, p ? p + size : p, false};
}

static inline size_t bytes_left(const struct bytes *b)
{
	return (size_t)(b->end - b->at);
}

/* Borrows n bytes and steps over them; NULL (and failed) if there are fewer. */
static inline const uint8_t *bytes_take(struct bytes *b, size_t n)
{
	const uint8_t *p = b->at;

	if (b->failed || bytes_left(b) < n) {
		b->failed = true;
		return NULL;
	}
	b->at += n;
	return p;
}

static inline uint8_t bytes_u8(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 1);
	return p ? p[0] : 0;
}

static inline int8_t bytes_i8(struct bytes *b)
{
	return (int8_t)bytes_u8(b);
}

static inline uint16_t bytes_le16(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 2);
	return p ? (uint16_t)((unsigned)p[0] | (unsigned)p[1] << 8) : 0;
}

static inline int16_t bytes_le16s(struct bytes *b)
{
	return (int16_t)bytes_le16(b);
}

static inline uint16_t bytes_be16(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 2);
	return p ? (uint16_t)((unsigned)p[0] << 8 | (unsigned)p[1]) : 0;
}

static inline uint32_t bytes_le32(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 4);
	return p ? (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
			       (uint32_t)p[3] << 24
		 : 0;
}

static inline uint32_t bytes_be32(struct bytes *b)
{
	const uint8_t *p = bytes_take(b, 4);
	return p ? (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 |
			       (uint32_t)p[0] << 24
		 : 0;
}

static inline uint64_t bytes_le64(struct bytes *b)
{
	uint64_t low = bytes_le32(b);
	return low | (uint64_t)bytes_le32(b) << 32;
}

static inline float bytes_le_f32(struct bytes *b)
{
	union {
		uint32_t u;
		float f;
	} v = {.u = bytes_le32(b)};
	return v.f;
}
