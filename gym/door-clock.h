// SPDX-License-Identifier: MIT
#pragma once
/* Time of the fake org.bluez, and when it is not running. */
#include "gym/door-private.h"

/* Gym time. */
int64_t door_clock_now_us(const struct door *door);
/* Something is due earlier than the timer thinks. */
void door_clock_wake(struct door *door);
/* bluetoothd dies now and is back after a while. */
void door_clock_crash(struct door *door, int64_t back_after_us);
