// SPDX-License-Identifier: MIT
#pragma once
/* The verdict on one pop or symptom: a leaf below pop-life. */
#include "daemon/core/judge/judge-private.h"

/* Computes class, severity, reasons, form, cues and confidence; publishes nothing. */
void pop_verdict_evaluate(
	struct judge *judge, struct athlete *athlete, struct pop *pop, int64_t now_us);
