// SPDX-License-Identifier: MIT
/* The intake under any bytes of any wearable, with links that come and go by way of several radios: a
 * length of 250 or more is an event of the link, not a packet. Time in records stays finite, and motion
 * never goes back. */
#include "tests/fuzz/fuzz-main.h"

#include <math.h>
#include <stdlib.h>

#include "coxad/drivers/driver-list.h"
#include "coxad/flow/intake.h"
#include "daemon/flow/intake-event.h"
#include "tests/fuzz/fuzz-packets.h"

struct seen {
	int64_t motion_us;
};

static void on_record(void *user, const struct record *record)
{
	struct seen *seen = user;

	if (record->t_unc_us < 0 || !isfinite(record->interval_host_us))
		abort();
	if (record->kind != RECORD_MOTION)
		return;
	if (record->t_us < seen->motion_us)
		abort();
	seen->motion_us = record->t_us;
}

static void on_changed(void *user, unsigned wearable, bool is_state)
{
}

static const struct intake_ops ops = {on_record, on_changed};

/* By way of which radio, and how late, from there on. */
struct way {
	const char *radio;
	int64_t delay_us;
};

static struct way way_of(unsigned which)
{
	static const char *const radios[] = {NULL, "a", "b", "c"};
	const char *radio = radios[which / 4 % 4];

	return (struct way){radio, radio ? which / 16 * (int64_t)250000 : 0};
}

static void give(struct intake *intake, struct way way, struct capture_event event)
{
	event.address = "C0:A5:00:00:00:01";
	event.radio = way.radio;
	event.delay_us = way.delay_us < event.t_us ? way.delay_us : event.t_us;
	event.unc_us = way.delay_us / 100;
	intake_event(intake, &event);
}

static void link_event(struct intake *intake, struct way way, unsigned which, int64_t t_us)
{
	static const enum capture_kind kinds[] = {
		CAPTURE_CONNECTED, CAPTURE_DISCONNECTED, CAPTURE_RSSI};

	if (which % 4 == 3)
		intake_advance(intake, t_us);
	else
		give(intake, way,
			(struct capture_event){.kind = kinds[which % 4],
				.t_us = t_us,
				.mtu = 247,
				.rssi_dbm = -60});
}

static const struct fuzz_packets_table *table_of_all(void)
{
	static struct fuzz_packets_table table;

	if (table.n == 0)
		fuzz_packets_init(&table, NULL);
	return &table;
}

/* One for each driver. */
size_t fuzz_seed(unsigned index, uint8_t ret[static FUZZ_SEED_MAX])
{
	size_t n;
	const struct driver *const *drivers = driver_list(&n);

	return index < n ? fuzz_packets_seed(table_of_all(), drivers[index], 0, ret) : 0;
}

/* Lets each deadline up to then pass; none may come twice. */
static void advance_to(struct intake *intake, int64_t t_us)
{
	while (intake_deadline(intake) <= t_us) {
		int64_t deadline = intake_deadline(intake);

		intake_advance(intake, deadline);
		if (intake_deadline(intake) <= deadline)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct seen seen = {INT64_MIN};
	struct fuzz_packet packet = {.t_us = 1000000};
	struct analysis_conf analysis;
	struct intake *intake;
	struct wearable_result status;
	struct way way = {0};

	analysis_conf_default(&analysis);
	intake = intake_new(0, NULL, &analysis, &ops, &seen);
	while (fuzz_packets_next(table_of_all(), &input, &packet)) {
		advance_to(intake, packet.t_us);
		if (packet.size >= 250) {
			way = way_of(packet.data[0]);
			link_event(intake, way, packet.data[0], packet.t_us);
			continue;
		}
		give(intake, way,
			(struct capture_event){.kind = CAPTURE_NOTIFY,
				.t_us = packet.t_us,
				.characteristic = *packet.characteristic,
				.value = packet.data,
				.size = packet.size});
	}
	intake_status(intake, packet.t_us, &status);
	intake_free(intake);
	return 0;
}
