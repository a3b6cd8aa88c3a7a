// SPDX-License-Identifier: MIT
#pragma once
/* What the persisters of history and logbook share: jobs for the store thread, a timer that tries again
 * what failed, and what is done at the end of a turn of the loop. A part of theirs; owns the two sources.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/store/store-thread.h"

struct persister {
	struct store_thread *thread;  /* borrowed; NULL: everything is done at once */
	sd_event_source *timer;       /* NULL: nothing is tried again by itself */
	sd_event_source *end_of_turn; /* NULL: nothing is done by itself */
	unsigned n_jobs;              /* posted; whoever takes one back counts it off */
};

/* Both off at first. loop NULL: none of them. -errno: no descriptor left. */
int persister_begin(struct persister *persister, sd_event *loop, sd_event_time_handler_t retry,
	sd_event_handler_t settle, void *user);
/* For good; then waits for the jobs. False: the disk does not answer, and the jobs keep what they use. */
bool persister_end(struct persister *persister, int64_t timeout_us);
void persister_post(struct persister *persister, struct store_job *job);
/* In two seconds. */
void persister_retry_later(struct persister *persister);
/* At the end of this turn. */
void persister_settle_later(struct persister *persister);
