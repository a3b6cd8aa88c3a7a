// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-dates.h"

#include <sys/random.h>

#include "coxad/base/units.h"
#include "coxad/loop/clock.h"

/* The time in microseconds, 2005 or later; below that, at random, if the clock was never set. */
#define SEQ_FROM_CLOCK (UINT64_C(1) << 50)
#define SEQ_AT_RANDOM  (UINT64_C(1) << 49)

struct outbox_dating outbox_dates_now(void)
{
	return (struct outbox_dating){.wall_offset_us = clock_wall_us() - clock_now_us(),
		.boot = clock_boot(),
		.is_synchronised = clock_is_synchronised()};
}

bool outbox_dates_created(const struct outbox_table_row *row, int64_t *ret_us)
{
	int64_t now_us = clock_now_us(), boot = clock_boot(), created_us = now_us;
	int64_t age_us = clock_wall_us() - row->created_wall_ms * US_PER_MS;
	bool is_dated = row->is_synchronised && clock_is_synchronised() && age_us >= 0;

	if (boot && row->boot == boot)
		created_us = row->up_ms * US_PER_MS;
	else if (is_dated)
		created_us = now_us - age_us;
	else if (row->item.expiry_s)
		return false;
	*ret_us = created_us < now_us ? created_us : now_us;
	return true;
}

uint64_t outbox_dates_unused_seq(uint64_t least)
{
	uint64_t wall_us = (uint64_t)clock_wall_us(), random = 0, seq;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)clock_now_us();
	seq = wall_us >= SEQ_FROM_CLOCK && wall_us < OUTBOX_TABLE_SEQ_MAX
		      ? wall_us
		      : SEQ_AT_RANDOM + random % (SEQ_FROM_CLOCK - SEQ_AT_RANDOM);
	return seq > least ? seq : least;
}
