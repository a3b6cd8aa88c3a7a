// SPDX-License-Identifier: MIT
#pragma once
/* Refused packets: each is counted, and too many in a row put the wearable into quarantine, longer at
 * each relapse.
 */
#include "daemon/flow/intake-private.h"

void intake_quarantine_count(struct intake *intake, enum reason reason);
/* Once its time is up. */
void intake_quarantine_leave(struct intake *intake, int64_t now_us);
