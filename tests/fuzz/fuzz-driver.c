// SPDX-License-Identifier: MIT
/* One driver under any bytes; the program is named after it, fuzz-drv-ID. A negative result comes
 * with no record, a positive one with as many as it says. */
#include "tests/fuzz/fuzz-main.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/drivers/driver-claim.h"
#include "coxad/drivers/driver-list.h"
#include "tests/fuzz/fuzz-packets.h"

static void on_record(const struct record *record, void *user)
{
	int *records = user;

	if (record->kind == RECORD_MOTION &&
		(record->motion.n < 1 || record->motion.n > MOTION_SAMPLES_MAX))
		abort();
	if (record->kind == RECORD_AUDIO &&
		(record->audio.n < 1 || record->audio.n > AUDIO_SAMPLES_MAX))
		abort();
	++*records;
}

static const struct driver *driver_of_program(void)
{
	static const char prefix[] = "fuzz-drv-";
	const char *id = program_invocation_short_name;
	const struct driver *driver = NULL;

	if (strncmp(id, prefix, strlen(prefix)) == 0)
		driver = driver_list_find(id + strlen(prefix));
	if (!driver)
		abort();
	return driver;
}

static const struct fuzz_packets_table *table_of(const struct driver *driver)
{
	static struct fuzz_packets_table table;

	if (table.n == 0)
		fuzz_packets_init(&table, driver);
	return &table;
}

size_t fuzz_seed(unsigned index, uint8_t ret[static FUZZ_SEED_MAX])
{
	const struct driver *driver = driver_of_program();

	return fuzz_packets_seed(table_of(driver), driver, index, ret);
}

static void check_result(int result, int records)
{
	if (result <= -REASON_COUNT || records != (result > 0 ? result : 0))
		abort();
}

static void decode_all(const struct driver *driver, void *state, const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct fuzz_packet packet = {.t_us = 1000000};

	while (fuzz_packets_next(table_of(driver), &input, &packet)) {
		struct driver_input in = {packet.characteristic, DRIVER_ORIGIN_NOTIFY, packet.data,
			packet.size, packet.t_us};
		int records = 0, result = driver->decode(state, &in, on_record, &records);

		check_result(result, records);
	}
}

static void walk_plan(const struct driver *driver, const void *state,
	const struct driver_peer *peer, enum driver_plan plan)
{
	struct driver_step step;

	for (unsigned i = 0; driver->plan && driver->plan(state, peer, plan, i, &step) == 1; i++)
		if (i > 64 || step.size > DRIVER_WRITE_MAX)
			abort();
}

/* What the input's first bytes say of the peer is anything; its advert is all of the input. */
static void walk_plans(
	const struct driver *driver, const void *state, const uint8_t *data, size_t size)
{
	static const uint8_t root[6] = {1, 2, 3, 4, 5, 6};
	uint8_t what[4] = {0};
	struct driver_peer peer = {.advert = data, .n_advert = size};

	memcpy(what, data, size < sizeof(what) ? size : sizeof(what));
	peer.mtu = what[0] * 4u;
	peer.rate_hz = what[1] * 8;
	peer.wants_acoustic = what[2] & 1;
	peer.wants_pops = what[2] & 2;
	peer.sync_root = what[2] & 4 ? root : NULL;
	peer.characteristics = what[2] & 8 ? table_of(driver)->uuid : NULL;
	peer.n_characteristics = what[2] & 8 ? what[3] % (table_of(driver)->n + 1) : 0;
	walk_plan(driver, state, &peer, DRIVER_PLAN_START);
	walk_plan(driver, state, &peer, DRIVER_PLAN_POLL);
	walk_plan(driver, state, &peer, DRIVER_PLAN_STOP);
}

static void give_orders(const struct driver *driver, const void *state, unsigned argument)
{
	struct driver_step step;

	for (unsigned order = 0; driver->order && order < 8; order++)
		for (unsigned i = 0; driver->order(state, (enum driver_order_kind)order, argument,
					     i, &step) == 1;
			i++)
			if (i >= DRIVER_ORDER_WRITES || step.size > DRIVER_WRITE_MAX)
				abort();
}

/* The first byte shares the others out among name, services and manufacturer data. */
static void sight(const struct driver *driver, const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size);
	unsigned what = bytes_u8(&b);
	struct uuid service[4] = {0};
	char name[32] = {0};
	struct driver_sighting sighting = {.services = service, .n_services = what >> 5 & 3};
	enum driver_claim claim;

	for (size_t i = 0; i < (what & 31u) && bytes_left(&b) > 0; i++)
		name[i] = (char)bytes_u8(&b);
	for (size_t i = 0; i < sighting.n_services && bytes_left(&b) >= sizeof(service[i]); i++)
		memcpy(&service[i], bytes_take(&b, sizeof(service[i])), sizeof(service[i]));
	sighting.name = what & 31 ? name : NULL;
	sighting.n_maker = bytes_left(&b);
	sighting.maker = sighting.n_maker ? b.at : NULL;
	claim = driver_claim_by(driver, &sighting);
	if (claim > DRIVER_CLAIM_SURE)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct driver *driver = driver_of_program();
	void *state = calloc(1, driver->state_size);

	if (!state)
		abort();
	if (driver->connected)
		driver->connected(state, 247);
	decode_all(driver, state, data, size);
	if (driver->advert) {
		int records = 0, result = driver->advert(data, size, on_record, &records);

		check_result(result, records);
	}
	walk_plans(driver, state, data, size);
	give_orders(driver, state, size ? data[0] : 0);
	sight(driver, data, size);
	free(state);
	return 0;
}
