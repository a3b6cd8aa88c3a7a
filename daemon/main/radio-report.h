// SPDX-License-Identifier: MIT
#pragma once
/* What the brain is told beside the events: how this radio is, and which wearables it hears. */
#include "daemon/main/radio-private.h"
#include "coxad/wire/radio-status.h"

/* The will. Returns its size. */
size_t radio_report_offline(const struct radio *radio, char ret[static RADIO_STATUS_MAX]);
/* The connection is there: all is told again. */
void radio_report_up(struct radio *radio, int64_t now_us);
void radio_report_advance(struct radio *radio, int64_t now_us);
int64_t radio_report_deadline(const struct radio *radio);
/* Of the source. */
void radio_report_health(struct radio *radio, const struct health_report *report);
