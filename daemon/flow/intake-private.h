// SPDX-License-Identifier: MIT
#pragma once
/* Shared by the two halves of the intake: intake.c takes bytes to records, intake-status.c says
 * how the wearable is.
 */
#include "coxad/base/units.h"
#include "coxad/core/time/clock-sync.h"
#include "coxad/drivers/sig-services.h"
#include "coxad/flow/intake.h"

#define INTAKE_SECONDS 64

/* Sound that bears no time: its samples are a clock of their own, for the converter's crystal is
 * not that of the motion chip. */
struct intake_audio {
	const struct analysis_conf *analysis;
	const struct trace *trace;
	double rate_hz;     /* 0: nothing counted yet in this link */
	double count_us;    /* samples up to now, at the nominal rate */
	int64_t arrival_us; /* of the last block */
	struct clock_sync clock;
};

/* Counts of one second of host time. */
struct intake_second {
	int64_t index;
	unsigned samples, packets, lost;
};

struct intake {
	unsigned wearable;
	const struct driver *driver;
	const struct analysis_conf *analysis;
	const struct intake_ops *ops;
	void *user;
	struct trace trace;
	void *state;
	struct clock_sync clock;
	struct wearable_memory recalled; /* of an earlier run, for a driver not chosen yet */
	bool is_recalled;
	struct intake_audio audio;
	struct diag diag;
	struct wearable_info info;
	bool has_info;

	enum wearable_state published;
	bool is_connected, was_connected;
	bool may_restart; /* first pair of a link whose wearable cannot tell a reboot */
	unsigned mtu;
	int64_t link_us;
	int64_t data_us;       /* last data, 0 none in this link */
	int64_t first_data_us; /* since when they come without a silence */
	int64_t block_end_us;
	unsigned refused_in_row, relapses;
	int64_t quarantine_until; /* 0 not in quarantine */
	double battery_percent, rssi_dbm;
	bool has_about;
	struct sig_services_known known; /* when the steps for what any wearable may have began */
	uint64_t packets;
	struct intake_second second[INTAKE_SECONDS];

	/* As of the last `changed`. */
	struct wearable_result told;
	int64_t told_us;

	/* Of the packet in work. */
	int64_t arrival_us;
	bool is_data;
	int refusal; /* enum reason for which a decoded record was dropped, 0 none */
};

/* When it is silent, if nothing comes until then. */
int64_t intake_silent_at(const struct intake *intake);
enum wearable_state intake_state_at(const struct intake *intake, int64_t now_us);
/* Gives a block of sound its time, uncertainty and interval. */
void intake_stamp_audio(struct intake *intake, struct record *r);
/* Tells of a change, if there is one. */
void intake_settle(struct intake *intake, int64_t now_us);
