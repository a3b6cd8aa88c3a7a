// SPDX-License-Identifier: MIT
#pragma once
/* Pairing that a person asks for, and whom bluetoothd may ask meanwhile for what a wearable shows or wants to
 * be told. One at a time. It ends by itself, and a bond is never removed.
 */
#include <stdint.h>

#include "coxad/bluez/source-bluez.h"

#define SOURCE_BLUEZ_PAIR_VALUE_SIZE 17 /* six digits, or a PIN of 16 characters */

enum source_bluez_pair_ask {
	SOURCE_BLUEZ_PAIR_ASK_NOTHING, /* what was asked has become idle */
	SOURCE_BLUEZ_PAIR_ASK_PASSKEY, /* the wearable shows six digits: enter them */
	SOURCE_BLUEZ_PAIR_ASK_PIN,
	SOURCE_BLUEZ_PAIR_ASK_CONFIRM, /* does it show this value: yes or no */
	SOURCE_BLUEZ_PAIR_ASK_SHOW     /* the value is to be entered on the wearable */
};

enum source_bluez_pair_end {
	SOURCE_BLUEZ_PAIR_END_DONE,       /* by what was asked or shown */
	SOURCE_BLUEZ_PAIR_END_UNASKED,    /* done too, but nobody was asked: Just Works */
	SOURCE_BLUEZ_PAIR_END_WRONG,      /* the passkey */
	SOURCE_BLUEZ_PAIR_END_REFUSED,    /* by the wearable, before it asked for anything */
	SOURCE_BLUEZ_PAIR_END_DECLINED,   /* by the person */
	SOURCE_BLUEZ_PAIR_END_UNANSWERED, /* by the person */
	SOURCE_BLUEZ_PAIR_END_SILENT,     /* the wearable did not go on */
	SOURCE_BLUEZ_PAIR_END_AWAY,       /* not heard */
	SOURCE_BLUEZ_PAIR_END_UNREACHED,  /* heard, but not connected */
	SOURCE_BLUEZ_PAIR_END_LOST,       /* the connection */
	SOURCE_BLUEZ_PAIR_END_BLUEZ,      /* bluetoothd stopped, or wants no agent */
	SOURCE_BLUEZ_PAIR_END_REMOVED /* from the configuration, or added to it; or coxad stops */
};

struct source_bluez_pair_ops {
	void (*ask)(void *user, enum source_bluez_pair_ask ask, const char *value);
	void (*ended)(void *user, enum source_bluez_pair_end end);
};

/* The wearable of this address, configured or on trial; looks for it for so long. Ops, borrowed until it has
 * ended, are called later. -ENOENT: it is neither. -EEXIST: it has a bond. -EBUSY: one is being paired.
 * -ENOTCONN: there is no bluetoothd. */
int source_bluez_pair(struct source_bluez *source, const char *address, int64_t for_us,
	const struct source_bluez_pair_ops *ops, void *user);
/* -ENOENT: nothing was asked. -EINVAL: neither digits nor a PIN, nor yes or no. */
int source_bluez_pair_answer(struct source_bluez *source, const char *answer);
/* The person has gone; ended is not called. */
void source_bluez_pair_cancel(struct source_bluez *source);
