// SPDX-License-Identifier: MIT
#include "tests/core/fleet/lossy-way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "coxad/base/generator.h"

unsigned lossy_way_roll(uint64_t *dice, unsigned n)
{
	return (unsigned)(generator_splitmix(dice) % n);
}

static void put(struct lossy_way *way, int64_t now_us, const void *bytes, size_t size)
{
	struct lossy_way_message *m;

	if (way->n == LOSSY_WAY_MAX || lossy_way_roll(&way->dice, 100) < way->lost_percent)
		return;
	assert_true(size > 0 && size <= LOSSY_WAY_BYTES);
	m = &way->message[way->n++];
	m->due_us = now_us + lossy_way_roll(&way->dice, (unsigned)way->delay_us + 1);
	m->size = size;
	memcpy(m->bytes, bytes, size);
}

void lossy_way_send(struct lossy_way *way, int64_t now_us, const void *bytes, size_t size)
{
	put(way, now_us, bytes, size);
	if (lossy_way_roll(&way->dice, 100) < way->doubled_percent)
		put(way, now_us, bytes, size);
}

size_t lossy_way_take(struct lossy_way *way, int64_t now_us, uint8_t ret[static LOSSY_WAY_BYTES])
{
	size_t size;
	unsigned i = 0;

	while (i < way->n && way->message[i].due_us > now_us)
		i++;
	if (i == way->n)
		return 0;
	size = way->message[i].size;
	memcpy(ret, way->message[i].bytes, size);
	memmove(&way->message[i], &way->message[i + 1], (--way->n - i) * sizeof(way->message[0]));
	return size;
}
