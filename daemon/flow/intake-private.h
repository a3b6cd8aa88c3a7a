// SPDX-License-Identifier: MIT
#pragma once
/* The intake's own state, for intake*.c alone: intake.c turns bytes into records, intake-audio.c
 * dates sound, intake-status.c says how the wearable is doing.
 */
#include "coxad/base/address.h"
#include "coxad/base/units.h"
#include "coxad/core/time/clock-sync.h"
#include "coxad/drivers/sig-services.h"
#include "coxad/flow/intake.h"

#define INTAKE_SECONDS       64
#define INTAKE_FIRMWARE_SIZE 64

/* Sound without time stamps: its samples are a clock of their own, since the converter has another
 * crystal than the motion chip. */
struct intake_audio {
	const struct analysis_conf *analysis;
	const struct trace *trace;
	double rate_hz;     /* 0: none yet in this connection */
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
	struct wearable_memory recalled; /* from an earlier run, for a driver not known yet */
	bool is_recalled;
	struct intake_audio audio;
	struct diag diag;
	struct wearable_info info;
	bool has_info;

	bool is_connected, was_connected;
	bool may_restart; /* a wearable that cannot report a reboot, before its first pair */
	unsigned mtu;
	int64_t connected_us;
	int64_t data_us;       /* last data, 0: none in this connection */
	int64_t last_data_us;  /* in any connection, 0: none yet */
	int64_t first_data_us; /* since when data have come without a silence */
	int64_t block_end_us;
	unsigned refused_in_row, relapses;
	int64_t quarantine_until_us; /* 0: not in quarantine */
	enum wearable_problem link_problem, sensor_problem;
	double battery_percent, rssi_dbm;
	bool has_about;
	char firmware[INTAKE_FIRMWARE_SIZE]; /* empty: unknown */
	bool has_news;                       /* of firmware or radio, not reported yet */
	char adapter[ADDRESS_SHORT_SIZE]; /* of this connection or the last one; empty: unknown */
	enum wearable_bond bond;          /* likewise */
	char radio[NAME_SIZE];            /* likewise; empty: an adapter of this gateway */
	int64_t link_us, link_unc_us;     /* the latest arrival through it */
	struct sig_services_known known;  /* when the start plan came to its common steps */
	uint64_t packets;
	struct intake_second second[INTAKE_SECONDS];

	struct wearable_result reported; /* by ops->changed, last */
	int64_t compared_us;             /* when its figures were last compared with it */

	/* Of the event in work. */
	int64_t arrival_us;
	int64_t now_us;       /* the gateway's, later than the arrival at a radio; 0: the same */
	int64_t radio_unc_us; /* how far arrival_us may be off by the radio's clock */
	bool is_earlier;      /* of a link before this one */
	void *spare;          /* where the driver's state is kept meanwhile; NULL: never was */
	bool is_data;
	int refusal; /* enum reason why a decoded record was dropped, 0: none was */
};
