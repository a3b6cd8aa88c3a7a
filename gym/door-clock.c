// SPDX-License-Identifier: MIT
#include "gym/door-clock.h"

#include "coxad/loop/clock.h"

int64_t door_clock_now_us(const struct door *door)
{
	return clock_now_us() - door->start_us;
}

void door_clock_wake(struct door *door)
{
	sd_event_source_set_time(door->timer, 0);
	sd_event_source_set_enabled(door->timer, SD_EVENT_ONESHOT);
}

void door_clock_crash(struct door *door, int64_t back_after_us)
{
	door->is_crashing = true;
	door->back_us = door_clock_now_us(door) + back_after_us;
	door_clock_wake(door);
}
