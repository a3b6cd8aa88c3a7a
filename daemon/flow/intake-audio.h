// SPDX-License-Identifier: MIT
#pragma once
/* When a block of sound was. */
#include "daemon/flow/intake-private.h"

/* Sets the record's time, uncertainty and interval. */
void intake_audio_stamp(struct intake *intake, struct record *r);
