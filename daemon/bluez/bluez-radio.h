// SPDX-License-Identifier: MIT
#pragma once
/* One adapter's radio: switched on, scanning while a wearable is missing, recovered when it does
 * neither. Lives as long as the source, keyed by the adapter's address, while the object behind it
 * (struct bluez_adapter) comes and goes.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/bluez/source-bluez.h"
#include "daemon/bluez/bluez-objects.h"

struct bluez_context;
struct bluez_radio;

/* What the wearables ask of one adapter at the moment. */
struct bluez_radio_demand {
	bool is_missing;          /* some wearable has no connection: scan for it */
	bool wants_all;           /* somebody looks for new ones: scan without a filter */
	bool is_unsettled;        /* or has not got as far as streaming */
	bool has_others;          /* another adapter works */
	int connecting;           /* the wearable that it is connecting to; -1: none */
	unsigned linked, stalled; /* connections on this adapter; of these, streams that stopped */
	int64_t sign_us; /* when anything last came, through them or as an advert; 0: never */
	bool is_linked;  /* there are connections, and that was lately */
};

struct bluez_radio_ops {
	void (*demand)(
		void *user, const struct bluez_adapter *adapter, struct bluez_radio_demand *ret);
	/* It became usable, or no longer is. */
	void (*usable_changed)(void *user);
	void (*silence_changed)(void *user, const char *address, enum source_bluez_silence silence);
};

/* -errno. context is borrowed. */
int bluez_radio_new(const struct bluez_context *context, const char *address,
	const struct bluez_radio_ops *ops, void *user, struct bluez_radio **ret);
struct bluez_radio *bluez_radio_free(struct bluez_radio *radio);
const char *bluez_radio_address(const struct bluez_radio *radio);
/* NULL: the adapter left. Borrowed until the next call. */
void bluez_radio_set_adapter(struct bluez_radio *radio, struct bluez_adapter *adapter);
const struct bluez_adapter *bluez_radio_adapter(const struct bluez_radio *radio);
/* The configuration changed: other adapters or other services to scan for, perhaps. */
void bluez_radio_configure(struct bluez_radio *radio);
/* A property of the adapter changed. */
void bluez_radio_changed(struct bluez_radio *radio);
/* It received an advert of a wearable. */
void bluez_radio_received(struct bluez_radio *radio, int64_t now_us);
/* It received any advert at all. */
void bluez_radio_heard(struct bluez_radio *radio, int64_t now_us);
/* BEGUN: its controller says nothing, not even through connections. It is told nothing any more,
 * except to switch off and on once the other adapters have its wearables. */
void bluez_radio_set_silence(struct bluez_radio *radio, enum source_bluez_silence silence);
/* When any advert came last. */
int64_t bluez_radio_heard_us(const struct bluez_radio *radio);
/* Does what is due: power, discovery. Called when the demand may have changed. */
void bluez_radio_step(struct bluez_radio *radio);
/* True if it is there, configured and powered. */
bool bluez_radio_is_usable(const struct bluez_radio *radio);
