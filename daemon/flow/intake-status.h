// SPDX-License-Identifier: MIT
#pragma once
/* The state and the figures of a wearable. The cases are those of the drawing in intake.c. */
#include "daemon/flow/intake-private.h"

/* What its samples show; told with the next status, not from this call. */
void intake_status_note_sensor(struct intake *intake, enum wearable_problem problem);
void intake_status_read(const struct intake *intake, int64_t now_us, struct wearable_result *ret);
enum wearable_state intake_status_state_at(const struct intake *intake, int64_t now_us);
/* A text about itself; most are of no use here. */
void intake_status_note_about(struct intake *intake, const struct about *about);
/* When it becomes silent if nothing comes. */
int64_t intake_status_silent_at(const struct intake *intake);
/* Reports a change, if there is one worth it. */
void intake_status_settle(struct intake *intake, int64_t now_us);
/* What keeps it from connecting; live only. */
void intake_status_note_link(struct intake *intake, int64_t now_us, enum wearable_problem problem);
