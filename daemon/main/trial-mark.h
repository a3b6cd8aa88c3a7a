// SPDX-License-Identifier: MIT
#pragma once
/* Which wearables are on trial, in the directory that systemd gives in memory (RUNTIME_DIRECTORY): a coxad that is
 * killed leaves them connected, and the next one has to know of them. Connections do not outlive the machine
 * either. Without a directory nothing is kept.
 */
#include "coxad/bluez/source-bluez-trial.h"

struct trial_mark {
	int fd; /* -1: none */
};

/* From the environment. */
void trial_mark_open(struct trial_mark *mark);
void trial_mark_close(struct trial_mark *mark);
/* Returns how many. What is no address is passed over. */
size_t trial_mark_read(const struct trial_mark *mark,
	struct source_bluez_trial_mark ret[static SOURCE_BLUEZ_TRIAL_MARKS_MAX]);
void trial_mark_write(
	const struct trial_mark *mark, const struct source_bluez_trial_mark *all, size_t n);
