// SPDX-License-Identifier: MIT
#include "gym/kind.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/device-bluest.h"
#include "gym/device-coxa.h"
#include "gym/device-dot.h"
#include "gym/device-meta.h"
#include "gym/device-movesense.h"
#include "gym/device-playback.h"
#include "gym/device-thingy.h"
#include "gym/device-wit.h"

enum { MOTION = 1, ACOUSTIC = 4, SYMPTOM = 8 };

/* WitMotion clocks have been seen 0.7 % off: protocol notes of esphome-witmotion. */
#define WIT_PPM_SCALE 175

static const struct kind kinds[] = {
	{"coxa", &device_coxa_ops, NULL, 0, false, 1},
	{"bluest", &device_bluest_ops, NULL, 0, false, 1},
	{"playback", &device_playback_ops, NULL, 0, false, 1},
	{"thingy52", &device_thingy_ops, "Thingy", MOTION | ACOUSTIC | SYMPTOM, true, 1},
	{"movella-dot", &device_dot_ops, "Xsens DOT", MOTION | SYMPTOM, true, 1},
	{"witmotion", &device_wit_ops, "WT901BLE68", MOTION, false, WIT_PPM_SCALE},
	{"witmotion-logger", &device_wit_logger_ops, "WT9011DCL", MOTION, false, WIT_PPM_SCALE},
	{"movesense", &device_movesense_ops, "Movesense 204830000123", MOTION, false, 1},
	{"metamotion", &device_meta_ops, "MetaWear", MOTION | SYMPTOM, true, 1},
	{"metamotion-r", &device_meta_r_ops, "MetaWear", MOTION | SYMPTOM, true, 1},
};

const struct kind *kind_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!name || strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

const char *kind_names(void)
{
	return "coxa, bluest, playback, thingy52, movella-dot, witmotion, witmotion-logger, "
	       "movesense, metamotion or metamotion-r";
}
