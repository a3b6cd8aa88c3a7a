// SPDX-License-Identifier: MIT
#pragma once
/* 128-bit UUIDs of GATT, bytes in the order of the text. Pure values. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define UUID_TEXT_SIZE 37

struct uuid {
	uint8_t b[16];
};

/* A 16-bit UUID of the Bluetooth SIG on the Bluetooth Base UUID (Core Vol 3 Part B 2.5.1). */
#define UUID_SIG(x)                                                                                \
	((struct uuid){{0, 0, (uint8_t)((x) >> 8), (uint8_t)((x)&0xff), 0, 0, 0x10, 0, 0x80, 0, 0, \
		0x80, 0x5f, 0x9b, 0x34, 0xfb}})

static inline bool uuid_is_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/* Bytes 2 and 3, in which the SIG and most makers number the UUIDs on one base. */
static inline unsigned uuid_number(const struct uuid *uuid)
{
	return (unsigned)uuid->b[2] << 8 | uuid->b[3];
}

static inline struct uuid uuid_with_number(struct uuid base, unsigned number)
{
	base.b[2] = (uint8_t)(number >> 8);
	base.b[3] = (uint8_t)number;
	return base;
}

/* Takes the 36-character form in either case, or a 4-digit SIG short form. -EINVAL otherwise. */
int uuid_from_string(const char *text, struct uuid *ret);
/* Lower case, 36 characters. */
void uuid_to_string(const struct uuid *uuid, char ret[static UUID_TEXT_SIZE]);
