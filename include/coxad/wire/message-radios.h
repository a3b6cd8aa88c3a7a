// SPDX-License-Identifier: MIT
#pragma once
/* gateway/<gateway>/radios: how the radios of a gym are, which one serves what, what waits for a link,
 * and what would happen if one died. Radios by index, wearables by their index in the configuration.
 */
#include "coxad/wire/message.h"

enum radio_wait {
	RADIO_WAIT_CONNECTING,
	RADIO_WAIT_NOT_HEARD,
	RADIO_WAIT_NO_SLOT,         /* all that hear it are full */
	RADIO_WAIT_BONDED_ELSEWHERE /* only one that does not hear it has its key */
};

struct message_radio {
	const char *name;
	bool is_online;
	const char *version;    /* of its coxad; NULL: unknown */
	unsigned slots;         /* links that it can have */
	int64_t unc_us;         /* of its clock; -1: unknown */
	int64_t behind_us;      /* age of the oldest event that it still keeps; 0: none */
	uint64_t lost, refused; /* events that it dropped, and batches and lines refused */
	/* Without it, so many of its wearables would be served elsewhere; these would not. */
	unsigned n_moving;
	const uint16_t *left;
	unsigned n_left;
};

struct message_waiting {
	unsigned wearable;
	enum radio_wait wait;
};

/* Borrowed during the call. */
struct message_radios {
	const struct message_radio *radio;
	unsigned n_radios;
	const int *serves;                     /* of each wearable its radio; negative: none */
	const struct message_waiting *waiting; /* longest first */
	unsigned n_waiting;
};

int message_radios_encode(struct message_encoder *encoder, int64_t now_us,
	const struct message_radios *radios, struct message *ret);
