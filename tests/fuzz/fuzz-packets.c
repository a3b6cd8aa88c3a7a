// SPDX-License-Identifier: MIT
#include "tests/fuzz/fuzz-packets.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/drivers/driver-list.h"
#include "tests/drivers/vector-packets.h"

#define PACKETS_MAX  1024
#define STEPS_MAX    64
#define WAIT         5 /* of a seed's packets, in 4 ms */
#define ZERO_SIZE    20
#define SEED_PACKETS (FUZZ_PACKETS_SEED_MAX / (UINT8_MAX + 3))

static void add(struct fuzz_packets_table *table, const struct uuid *uuid)
{
	for (size_t i = 0; i < table->n; i++)
		if (uuid_is_equal(&table->uuid[i], uuid))
			return;
	if (table->n < FUZZ_PACKETS_CHARACTERISTICS_MAX)
		table->uuid[table->n++] = *uuid;
}

/* The packets of a driver's vectors, until the next call. */
static size_t read_vectors(const char *id, const struct vector_packet **ret)
{
	static struct vector_packet packets[PACKETS_MAX];
	int n = vector_packets_read(id, packets, PACKETS_MAX);

	if (n < 0)
		abort();
	*ret = packets;
	return (size_t)n;
}

static void add_driver(struct fuzz_packets_table *table, const struct driver *driver)
{
	struct driver_peer peer = {.mtu = 247, .wants_acoustic = true};
	void *state = calloc(1, driver->state_size);
	const struct vector_packet *packets;
	struct driver_step step;
	size_t n = read_vectors(driver->id, &packets);

	if (!state)
		abort();
	for (size_t i = 0; i < n; i++)
		if (driver->claims(&packets[i].characteristic))
			add(table, &packets[i].characteristic);
	for (unsigned i = 0; i < STEPS_MAX && driver->plan &&
			     driver->plan(state, &peer, DRIVER_PLAN_START, i, &step) == 1;
		i++)
		if (step.kind != DRIVER_STEP_WAIT && driver->claims(&step.characteristic))
			add(table, &step.characteristic);
	free(state);
}

static void add_all(struct fuzz_packets_table *table)
{
	const struct vector_packet *packets;
	size_t n;
	const struct driver *const *drivers = driver_list(&n);

	for (size_t i = 0; i < n; i++)
		add_driver(table, drivers[i]);
	n = read_vectors("sig-services", &packets);
	for (size_t i = 0; i < n; i++)
		add(table, &packets[i].characteristic);
}

void fuzz_packets_init(struct fuzz_packets_table *table, const struct driver *driver)
{
	table->n = 0;
	if (driver)
		add_driver(table, driver);
	else
		add_all(table);
	add(table, &UUID_SIG(0xfff7));
}

bool fuzz_packets_next(
	const struct fuzz_packets_table *table, struct bytes *input, struct fuzz_packet *packet)
{
	unsigned which = bytes_u8(input), wait = bytes_u8(input);
	size_t size = bytes_u8(input);

	free(packet->data);
	packet->data = NULL;
	if (input->failed)
		return false;
	packet->size = size < bytes_left(input) ? size : bytes_left(input);
	packet->data = malloc(packet->size ? packet->size : 1);
	if (!packet->data)
		abort();
	if (packet->size)
		memcpy(packet->data, bytes_take(input, packet->size), packet->size);
	packet->characteristic = &table->uuid[which % table->n];
	packet->t_us += (int64_t)wait * 4000;
	return true;
}

/* If its characteristic is not in the table, it goes to the last, which no driver claims. */
static size_t put_packet(
	const struct fuzz_packets_table *table, const struct vector_packet *p, uint8_t *ret)
{
	size_t size = p->size < UINT8_MAX ? p->size : UINT8_MAX, which = 0;

	while (which < table->n - 1 && !uuid_is_equal(&table->uuid[which], &p->characteristic))
		which++;
	ret[0] = (uint8_t)which;
	ret[1] = WAIT;
	ret[2] = (uint8_t)size;
	memcpy(ret + 3, p->data, size);
	return size + 3;
}

size_t fuzz_packets_seed(const struct fuzz_packets_table *table, const struct driver *driver,
	unsigned index, uint8_t ret[static FUZZ_PACKETS_SEED_MAX])
{
	const struct vector_packet *packets;
	size_t n = read_vectors(driver->id, &packets), at = 0;

	for (size_t i = index * SEED_PACKETS; i < n && i < (index + 1) * SEED_PACKETS; i++)
		at += put_packet(table, &packets[i], ret + at);
	for (size_t i = 0; n == 0 && index == 0 && i < table->n && i < SEED_PACKETS; i++) {
		struct vector_packet zero = {.characteristic = table->uuid[i], .size = ZERO_SIZE};

		at += put_packet(table, &zero, ret + at);
	}
	return at;
}
