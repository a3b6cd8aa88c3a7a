// SPDX-License-Identifier: MIT
#pragma once
/* What the source does for source-bluez-pair.h: joins the one pairing and the wearable's link. */
#include "daemon/bluez/source-bluez-private.h"

/* -errno; ops as source_bluez_pair. */
int source_bluez_pairing_begin(struct source_bluez *source, const char *address, int64_t for_us,
	const struct source_bluez_pair_ops *ops, void *user);
/* Frees one that has ended, and ends one that has become pointless. Not from a callback. */
void source_bluez_pairing_look(struct source_bluez *source);
/* bluetoothd has gone, or coxad stops. */
void source_bluez_pairing_end(struct source_bluez *source, enum source_bluez_pair_end end);
void source_bluez_pairing_free(struct source_bluez *source);
