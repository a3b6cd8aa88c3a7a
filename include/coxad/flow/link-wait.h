// SPDX-License-Identifier: MIT
#pragma once
/* A brain that starts while wearables are connected is told of each link, and what was read of it, as
 * the radios learn that it is another one. What they have kept until then was heard before that in their
 * order, but only makes sense after it: it waits here. Owns copies. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/config/conf-merge.h"
#include "coxad/wire/capture.h"

/* No radio takes longer to tell of its links, once it is heard, or what was read then. */
#define LINK_WAIT_US        (10 * INT64_C(1000000))
#define LINK_WAIT_READS_US  INT64_C(1000000)
#define LINK_WAIT_BYTES_MAX (8 * 1024 * 1024)

struct link_wait;

/* conf is borrowed for life. take: gets every event, at once or later, then with a new t_us and the same
 * arrival. */
struct link_wait *link_wait_new(const struct conf *conf,
	void (*take)(void *user, const struct capture_event *event), void *user);
struct link_wait *link_wait_free(struct link_wait *wait);
/* The configuration has changed. */
void link_wait_reload(struct link_wait *wait, const struct conf_change *change);
/* Of a radio, which it names. */
void link_wait_event(struct link_wait *wait, const struct capture_event *event);
/* Whether there is anything of that radio that was not taken yet. */
bool link_wait_has(const struct link_wait *wait, const char *radio);
int64_t link_wait_deadline(const struct link_wait *wait);
void link_wait_advance(struct link_wait *wait, int64_t now_us);
