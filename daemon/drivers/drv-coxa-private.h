// SPDX-License-Identifier: MIT
#pragma once
/* What the files of the Coxa driver share. Only the decoders, drv-coxa.c and drv-coxa-pops.c,
 * write the state. */
#include "coxad/drivers/driver.h"

#define COXA_UUID(x)                                                                               \
	{                                                                                          \
		{                                                                                  \
			0xc0, 0xa5, 0, x, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd, 0x20, 0xfb, 0xe3,    \
				0xfc, 0x7d, 0x8c                                                   \
		}                                                                                  \
	}
#define COXA_UUID_NUMBER_AT 3 /* the byte of the UUID in which they differ */

enum coxa_characteristic {
	COXA_SERVICE = 1,
	COXA_INFO = 2,
	COXA_CONTROL = 3,
	COXA_MOTION = 4,
	COXA_POP = 5,
	COXA_ACOUSTIC = 6,
	COXA_SYMPTOM = 7,
};

enum coxa_opcode {
	COXA_OP_START = 1,
	COXA_OP_STOP = 2,
	COXA_OP_RATE = 3,
	COXA_OP_TRIGGER = 4,
	COXA_OP_RESEND = 5,
	COXA_OP_CLOCK = 6,
	COXA_OP_IDENTIFY = 7,
	COXA_OP_HAPTIC = 8,
	COXA_OP_REPLY = 0x80,
};

#define COXA_STATUS_BUSY 3

static const struct uuid coxa_service = COXA_UUID(COXA_SERVICE);

struct coxa_state {
	struct wearable_info info;
	bool has_info;
	bool has_motion; /* motion_sequence is from this link */
	bool has_acoustic;
	bool has_symptom;
	bool has_clock; /* packets of this boot came in this run: its pops can be dated */
	uint16_t motion_sequence;
	uint16_t acoustic_sequence;
	uint16_t symptom_sequence;
	unsigned acoustic_n; /* samples in the last acoustic packet */

	/* Pops since the wearable's boot. `pop_seen` has a bit for each sequence number; those more
	 * than half the range behind `pop_last` are cleared as it advances. */
	bool has_pop;     /* pop_last is known, if only from Sensor Information */
	bool is_recalled; /* memory is that of an earlier run of coxad */
	struct wearable_memory memory;
	uint16_t pop_last;
	uint16_t pop_whole;    /* none is missing up to here that could still come */
	bool wants_resend;     /* not yet answered */
	bool is_from_first;    /* it is asked for all that the wearable keeps */
	uint16_t resend_after; /* the pop before the first missing one */
	uint32_t lost_told;    /* of the missing ones, already reported as lost */
	uint64_t pop_seen[65536 / 64];

	struct motion_sample samples[MOTION_SAMPLES_MAX];
	int16_t audio[AUDIO_SAMPLES_MAX];
};
