// SPDX-License-Identifier: MIT
#include "coxad/flow/link-timing.h"

#include "coxad/base/units.h"

void link_timing_default(struct link_timing *ret)
{
	*ret = (struct link_timing){
		/* In practice adverts come at least every 1.3 s; a few may be missed. */
		.seen_us = 12 * US_PER_S,
		.connect_us = 20 * US_PER_S, /* most take 2 s; bluetoothd gives up after 25 to 40 */
		.resolve_us = 20 * US_PER_S, /* 10 is too short for some straps */
		.characteristics_us = 5 * US_PER_S,
		.pair_us = 30 * US_PER_S,
		.step_us = 6 * US_PER_S,
		.subscribe_us = 10 * US_PER_S, /* may have to encrypt first */
		.first_bytes_us = 10 * US_PER_S,
		.silence_us = 3 * US_PER_S,
		.silence_most_us = 30 * US_PER_S,
		.reopen_us = US_PER_S / 2, /* sockets end some 10 ms before Connected=false */
		.resubscribe_us = 6 * US_PER_S,
		.check_us = 30 * US_PER_S,
		.disconnect_us = 6 * US_PER_S, /* bluetoothd takes up to 2.7 s */
		.quick_us = 2 * US_PER_S,
		.wait_transient_us = US_PER_S / 4,
		.wait_timeout_us = US_PER_S / 2,
		.wait_gatt_us = US_PER_S,
		.wait_slot_us = 4 * US_PER_S,
		.wait_most_us = 10 * US_PER_S,
		.quarantine_us = 60 * US_PER_S,
		.scan_quiet_us = 60 * US_PER_S,
		.scan_pause_us = 4 * US_PER_S, /* most connects take 2 s */
		/* Longer than links out of reach live on (coxad(8) advises 4 s), shorter than until
		 * the first of them is told to disconnect: with a silent controller bluetoothd waits
		 * for the end of that, and answers nobody. */
		.adapter_silent_us = 8 * US_PER_S,
		.power_cycle_us = 300 * US_PER_S, /* it ends what others do with the adapter, too */
	};
}
