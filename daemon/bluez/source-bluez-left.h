// SPDX-License-Identifier: MIT
#pragma once
/* What a trial may leave at bluetoothd, a connection and a bond, and how it is taken away: when the trial ends,
 * or as soon as bluetoothd is there again, or by the coxad that runs next. A device that was paired before
 * its trial is only disconnected. Owns a timer and a short list.
 */
#include "coxad/bluez/source-bluez-trial.h"
#include "daemon/bluez/bluez-objects.h"

struct bluez_bus;

struct source_bluez_left {
	struct source_bluez_left_one {
		struct source_bluez_trial_mark mark; /* no address: free */
		bool is_held;                        /* on trial */
		int64_t asked_us;                    /* 0: not yet */
	} one[SOURCE_BLUEZ_TRIAL_MARKS_MAX];
	sd_event_source *timer; /* to ask again; the owner's to make and to free */
	bool is_mirrored;       /* the mirror holds what bluetoothd knows */
};

/* It goes on trial. False: too many are waiting for bluetoothd. */
bool source_bluez_left_hold(struct source_bluez_left *left, const char *address, bool was_bonded);
/* Its trial has ended. */
void source_bluez_left_let_go(struct source_bluez_left *left, const char *address);
/* It is adopted, and stays as it is. */
void source_bluez_left_drop(struct source_bluez_left *left, const char *address);
/* It was paired on purpose, and stays so. */
void source_bluez_left_keep_bond(struct source_bluez_left *left, const char *address);
bool source_bluez_left_has(const struct source_bluez_left *left, const char *address);
/* Nothing is left that bluetoothd could take away now. */
bool source_bluez_left_is_clear(const struct source_bluez_left *left);
/* Asks for what is to be done, and forgets what is done. True: the list has changed. */
bool source_bluez_left_tend(struct source_bluez_left *left, const struct bluez_bus *bus,
	const struct bluez_objects *objects, int64_t now_us);
