// SPDX-License-Identifier: MIT
/* One driver under any bytes: the program's name tells which, fuzz-drv-ID. A negative result gives
 * no record, a positive one as many as it says. */
#include "tests/fuzz/fuzz-driver.h"

#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

	return strncmp(id, prefix, strlen(prefix)) == 0 ? driver_by_id(id + strlen(prefix)) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct driver *driver = driver_of_program();
	static const uint8_t root[6] = {1, 2, 3, 4, 5, 6};
	struct driver_peer peer = {.mtu = 247,
		.rate_hz = 104,
		.wants_acoustic = true,
		.sync_root = root,
		.advert = data,
		.n_advert = size};
	struct bytes input = bytes_of(data, size);
	struct driver_step step;
	struct fuzz_table table;
	void *state = driver ? calloc(1, driver->state_size) : NULL;
	int64_t t_us = 1000000;
	struct driver_input in = {.origin = DRIVER_ORIGIN_NOTIFY};

	if (!state)
		abort();
	fuzz_table_init(&table, driver);
	if (driver->connected)
		driver->connected(state, 247);
	while ((in.data = fuzz_next(&input, &table, &in.characteristic, &t_us, &in.size))) {
		int records = 0, r;

		in.arrival_us = t_us;
		r = driver->decode(state, &in, on_record, &records);
		if (r <= -REASON_COUNT || records != (r > 0 ? r : 0))
			abort();
		free((void *)in.data);
	}
	if (driver->advert) {
		int records = 0, r = driver->advert(data, size, on_record, &records);

		if (r <= -REASON_COUNT || records != (r > 0 ? r : 0))
			abort();
	}
	for (unsigned i = 0;
		driver->plan && driver->plan(state, &peer, DRIVER_PLAN_START, i, &step) == 1; i++)
		if (i > 64 || step.size > DRIVER_WRITE_MAX)
			abort();
	free(state);
	return 0;
}
