// SPDX-License-Identifier: MIT
#pragma once
/* How long a link, or the adapter that it needs, waits for what. */
#include <stdint.h>

/* link-timing.c gives the reason for each. */
struct link_timing {
	int64_t seen_us, connect_us, resolve_us, characteristics_us, pair_us, step_us, subscribe_us;
	int64_t first_bytes_us, silence_us, silence_most_us, reopen_us, resubscribe_us, check_us,
		disconnect_us, quick_us;
	int64_t wait_transient_us, wait_timeout_us, wait_gatt_us, wait_slot_us, wait_most_us,
		quarantine_us;
	int64_t scan_quiet_us, scan_pause_us, power_cycle_us, adapter_silent_us;
};

void link_timing_default(struct link_timing *ret);
