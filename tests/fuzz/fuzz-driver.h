// SPDX-License-Identifier: MIT
#pragma once
/* How the input of the driver and intake fuzzers is cut into packets: one octet to choose the
 * characteristic, one for the time since the packet before (in 4 ms), one for the length, the
 * bytes. Characteristics are those below that the driver claims, and one that nobody does.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/bytes.h"
#include "coxad/drivers/driver.h"

#define FUZZ_CHARACTERISTICS_MAX 64

static const char *const fuzz_uuids[] = {
	"c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c",
	"c0a50003-9bc6-4808-a8bd-20fbe3fc7d8c",
	"c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c",
	"c0a50005-9bc6-4808-a8bd-20fbe3fc7d8c",
	"c0a50006-9bc6-4808-a8bd-20fbe3fc7d8c",
	"c0a50007-9bc6-4808-a8bd-20fbe3fc7d8c",
	"00e00000-0001-11e1-ac36-0002a5d5c51b",
	"00c00000-0001-11e1-ac36-0002a5d5c51b",
	"00800000-0001-11e1-ac36-0002a5d5c51b",
	"00000100-0001-11e1-ac36-0002a5d5c51b",
	"00000080-0001-11e1-ac36-0002a5d5c51b",
	"00020000-0001-11e1-ac36-0002a5d5c51b",
	"04000000-0001-11e1-ac36-0002a5d5c51b",
	"08000000-0001-11e1-ac36-0002a5d5c51b",
	"40000000-0001-11e1-ac36-0002a5d5c51b",
	"001d0000-0001-11e1-ac36-0002a5d5c51b",
	"ef680302-9b35-4933-9b10-52ffa9740042",
	"ef680401-9b35-4933-9b10-52ffa9740042",
	"ef680404-9b35-4933-9b10-52ffa9740042",
	"ef680406-9b35-4933-9b10-52ffa9740042",
	"ef680407-9b35-4933-9b10-52ffa9740042",
	"ef68040a-9b35-4933-9b10-52ffa9740042",
	"ef680504-9b35-4933-9b10-52ffa9740042",
	"15171004-4947-11e9-8646-d663bd873d93",
	"15172001-4947-11e9-8646-d663bd873d93",
	"15172002-4947-11e9-8646-d663bd873d93",
	"15172003-4947-11e9-8646-d663bd873d93",
	"15172004-4947-11e9-8646-d663bd873d93",
	"15173001-4947-11e9-8646-d663bd873d93",
	"15177002-4947-11e9-8646-d663bd873d93",
	"0000ffe4-0000-1000-8000-00805f9a34fb",
	"34800002-7185-4d5d-b431-630e7050e8f0",
	"326a9006-85cb-9195-d9dd-464cfbbae75a",
	"2a37",
	"20000000-0001-11e1-ac36-0002a5d5c51b",
	"00000400-0001-11e1-ac36-0002a5d5c51b",
	"00190000-0001-11e1-ac36-0002a5d5c51b",
	"ef680402-9b35-4933-9b10-52ffa9740042",
	"ef680408-9b35-4933-9b10-52ffa9740042",
	"ef680409-9b35-4933-9b10-52ffa9740042",
	"15172006-4947-11e9-8646-d663bd873d93",
	"15177003-4947-11e9-8646-d663bd873d93",
	"326a9001-85cb-9195-d9dd-464cfbbae75a",
	"e95dca4b-251d-470a-a062-fa1922dfa9a8",
	"e95dfb24-251d-470a-a062-fa1922dfa9a8",
	"e95dda90-251d-470a-a062-fa1922dfa9a8",
	"555a0002-0011-467a-9538-01f0652c74e8",
	"555a0002-0012-467a-9538-01f0652c74e8",
	"555a0002-0013-467a-9538-01f0652c74e8",
	"555a0002-0019-467a-9538-01f0652c74e8",
	"2a19",
	"2a24",
	"2a2b",
	"2a50",
	"2a56",
};

struct fuzz_table {
	struct uuid uuid[FUZZ_CHARACTERISTICS_MAX];
	size_t n;
};

/* driver NULL: those of all. */
static inline void fuzz_table_init(struct fuzz_table *table, const struct driver *driver)
{
	table->n = 0;
	for (size_t i = 0; i < sizeof(fuzz_uuids) / sizeof(fuzz_uuids[0]); i++) {
		struct uuid u;

		if (uuid_from_string(fuzz_uuids[i], &u) == 0 && (!driver || driver->claims(&u)))
			table->uuid[table->n++] = u;
	}
	table->uuid[table->n++] = UUID_SIG(0xfff7);
}

/* The next packet, copied to its exact size so that reading past it is seen; the caller frees it.
 * NULL at the end. */
static inline uint8_t *fuzz_next(struct bytes *input, const struct fuzz_table *table,
	const struct uuid **ret_uuid, int64_t *t_us, size_t *ret_size)
{
	unsigned which = bytes_u8(input);
	unsigned wait = bytes_u8(input);
	size_t size = bytes_u8(input);
	uint8_t *copy;

	if (input->failed)
		return NULL;
	if (size > bytes_left(input))
		size = bytes_left(input);
	copy = malloc(size ? size : 1);
	if (!copy)
		abort();
	if (size)
		memcpy(copy, bytes_take(input, size), size);
	*ret_uuid = &table->uuid[which % table->n];
	*t_us += (int64_t)wait * 4000;
	*ret_size = size;
	return copy;
}
