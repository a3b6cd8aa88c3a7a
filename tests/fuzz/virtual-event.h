// SPDX-License-Identifier: MIT
#pragma once
/* The part of sd-event and of the clocks that coxad uses, under a clock that only the fuzzer moves:
 * linked into a program, it takes the place of libsystemd's functions and of daemon/loop/clock.c.
 * Sources run in the order of their time; descriptors are looked at with poll(). A loop that finds no
 * rest at one instant ends the program.
 */
#include <stdint.h>
#include <systemd/sd-event.h>

#define VIRTUAL_EVENT_START_US INT64_C(1000000000)

/* Sets the clock back to its start. */
sd_event *virtual_event_new(void);
/* Ends the program if a source is left. */
void virtual_event_free(sd_event *loop);
/* Everything that is due, then on to the next instant at which something is, until that time. */
void virtual_event_advance(sd_event *loop, int64_t until_us);
