// SPDX-License-Identifier: MIT
#pragma once
/* What a capture says of a wearable's connection and data, for its intake. */
#include "coxad/flow/intake.h"
#include "coxad/wire/capture.h"

/* What is about neither is passed over. */
void intake_event(struct intake *intake, const struct capture_event *event);
