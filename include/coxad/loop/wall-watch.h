// SPDX-License-Identifier: MIT
#pragma once
/* Calls back when the machine's wall clock is set (by NTP when a Pi starts, by a person). Owns a
 * timerfd on the given loop.
 */
#include <systemd/sd-event.h>

struct wall_watch;

typedef void (*wall_watch_set_fn)(void *user);

int wall_watch_new(sd_event *loop, wall_watch_set_fn set, void *user, struct wall_watch **ret);
struct wall_watch *wall_watch_free(struct wall_watch *watch);
