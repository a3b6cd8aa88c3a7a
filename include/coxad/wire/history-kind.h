// SPDX-License-Identifier: MIT
#pragma once
/* The kinds of what coxad remembers over restarts. The texts are those of the column `kind` on disk,
 * so they never change.
 */
#include "coxad/core/terms.h"

/* X(id, text on disk); the name beside it is that of: */
#define HISTORY_KIND_LIST(X)                                                                       \
	X(ATHLETE, "athlete")         /* the athlete */                                            \
	X(CALIBRATION, "calibration") /* the kit */                                                \
	X(CLOCK, "clock")             /* "wall" */                                                 \
	X(NUMBER, "number")           /* what it counts */                                         \
	X(RADIO, "radio")             /* the radio */                                              \
	X(RETAINED, "retained")       /* the topic that the broker keeps */                        \
	X(UPLINK, "uplink")           /* of a radio: its list, or the number of a batch */         \
	X(WEARABLE, "wearable")       /* the wearable */
#define HISTORY_KIND_ENUM_(id, text) HISTORY_KIND_##id,
TERM_ENUM(HISTORY_KIND, history_kind, HISTORY_KIND_LIST);
