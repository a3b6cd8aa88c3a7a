// SPDX-License-Identifier: MIT
#pragma once
/* What the source does for connections on trial: source-bluez-trial.h. Their links stand in source->link
 * behind those of the configuration. */
#include "coxad/bluez/source-bluez-scan.h"
#include "daemon/bluez/source-bluez-private.h"

/* The links see a configuration of their own, in which a candidate's index is its place here. */
struct source_bluez_trials {
	struct source_bluez *source;
	struct bluez_context context;
	struct conf conf;
	sd_event_source *timer;
	struct {
		struct trial *trial; /* NULL: free */
		const struct driver *driver;
		enum wearable_problem problem;
	} one[SOURCE_BLUEZ_TRIAL_MAX];
};

int source_bluez_trials_make(struct source_bluez *source);
/* Takes over what may change in the configuration. */
void source_bluez_trials_settle(struct source_bluez_trials *trials);
/* -EAGAIN: no place is free yet. */
int source_bluez_trials_begin(
	struct source_bluez_trials *trials, const struct source_bluez_scan_found *found);
/* Begins its end. */
void source_bluez_trials_let_go(struct source_bluez_trials *trials, size_t i);
/* Its place, or -ENOENT. */
int source_bluez_trials_find(const struct source_bluez_trials *trials, const char *address);
/* Of its link in source->link. */
size_t source_bluez_trials_link(size_t i);

bool source_bluez_trials_are_held(const struct source_bluez *source);
/* All of them end. */
void source_bluez_trials_stop(struct source_bluez *source);
/* What trials left is taken away, when bluetoothd can. */
void source_bluez_trials_tend(struct source_bluez *source);
/* Frees what has ended. Not from a link's callback. */
void source_bluez_trials_sweep(struct source_bluez *source);
/* Lets go of those that the configuration has now, without disconnecting them. */
void source_bluez_trials_yield(struct source_bluez *source);
/* A person has paired it, perhaps on trial: then it stays paired. */
void source_bluez_trials_keep_bond(struct source_bluez *source, const char *address);
void source_bluez_trials_free(struct source_bluez *source);
