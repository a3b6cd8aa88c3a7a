// SPDX-License-Identifier: MIT
#pragma once
/* A wearable that nobody has adopted yet, connected to see whether it is the one that somebody shakes: its
 * data go through driver and intake, no further. Pure; time is the stamp on each call.
 */
#include "coxad/core/analysis.h"
#include "coxad/core/result.h"
#include "coxad/drivers/driver.h"
#include "coxad/wire/capture.h"

#define TRIAL_WINDOW_US (2 * INT64_C(1000000)) /* shaking is told from lying within it */

struct trial;

struct trial_figures {
	/* Its strings are borrowed until the next call. */
	struct wearable_result status;
	double turned_deg; /* by how much it has turned to and fro within TRIAL_WINDOW_US */
	bool can_identify;
};

/* Both are borrowed for life. */
struct trial *trial_new(const struct driver *driver, const struct analysis_conf *analysis);
struct trial *trial_free(struct trial *trial);
/* CONNECTED, DISCONNECTED, READ, NOTIFY, RSSI. */
void trial_event(struct trial *trial, const struct capture_event *event);
void trial_look(struct trial *trial, int64_t now_us, struct trial_figures *ret);
/* As driver.h says of them. */
int trial_plan(struct trial *trial, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret);
int trial_identify(struct trial *trial, unsigned seconds, unsigned index, struct driver_step *ret);
