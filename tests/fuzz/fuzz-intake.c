// SPDX-License-Identifier: MIT
/* The way in under any bytes of any wearable, with links that come and go: a length of 250 and
 * more is an event of the link, not a packet. Time in records stays finite and motion never goes
 * back. */
#include <math.h>

#include "coxad/flow/intake.h"
#include "tests/fuzz/fuzz-driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static void link_event(struct intake *intake, unsigned which, int64_t t_us)
{
	switch (which % 4) {
	case 0:
		intake_connected(intake, t_us, 247);
		break;
	case 1:
		intake_disconnected(intake, t_us);
		break;
	case 2:
		intake_rssi(intake, t_us, -60);
		break;
	default:
		intake_advance(intake, t_us);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = bytes_of(data, size);
	struct seen seen = {INT64_MIN};
	struct analysis_conf analysis;
	struct intake *intake;
	const struct uuid *uuid;
	struct wearable_result status;
	struct fuzz_table table;
	int64_t t_us = 1000000;
	uint8_t *packet;
	size_t n;

	analysis_conf_default(&analysis);
	intake = intake_new(0, NULL, &analysis, &ops, &seen);
	fuzz_table_init(&table, NULL);
	while ((packet = fuzz_next(&input, &table, &uuid, &t_us, &n))) {
		while (intake_deadline(intake) <= t_us) {
			int64_t deadline = intake_deadline(intake);

			intake_advance(intake, deadline);
			if (intake_deadline(intake) <= deadline)
				abort();
		}
		if (n >= 250)
			link_event(intake, packet[0], t_us);
		else
			intake_bytes(intake, &(struct driver_input){
						     uuid, DRIVER_ORIGIN_NOTIFY, packet, n, t_us});
		free(packet);
	}
	intake_status(intake, t_us, &status);
	intake_free(intake);
	return 0;
}
