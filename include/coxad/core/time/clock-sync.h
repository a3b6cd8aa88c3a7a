// SPDX-License-Identifier: MIT
#pragma once
/* Synchronises one wearable's clock with the gateway's: a line from unwrapped device ticks to host
 * time, from one-way arrivals alone. Radio delay is one-sided, so only the earliest arrival of each
 * 2 s counts; a robust line is fitted to those of the last minute. A step of the device clock opens
 * a new epoch and never bends the line; the stated uncertainty holds the true instant in 95 of 100.
 * Embedded value, no allocation; a pair costs tens of nanoseconds, a closed bin a few microseconds.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/trace.h"
#include "coxad/core/analysis.h"

#define CLOCK_SYNC_BIN_US    2000000 /* decision-model.md 5 */
#define CLOCK_SYNC_BINS      30      /* 60 s of them, decision-model.md 5 */
#define CLOCK_SYNC_ARRIVALS  128
#define CLOCK_SYNC_PHASES    10 /* decision-model.md 5 */
#define CLOCK_SYNC_STEP_BINS 3  /* decision-model.md 5, ruling 10 */
#define CLOCK_SYNC_RECENT    4
/* Before the first pair: half-width of the arrival. */
#define CLOCK_SYNC_UNKNOWN_US 200000

struct clock_sync_settings {
	const struct analysis_conf *analysis; /* borrowed for the clock's life */
	double tick_us;                       /* nominal duration of a tick */
	unsigned tick_bits;                   /* the counter wraps at 2^tick_bits; 64: never */
	double max_skew_ppm;
	bool tells_no_boot; /* only its counter shows a restart */
	double quantum_us;  /* the counter is truncated to steps of this; 0: to a tick */
	struct trace trace;
};

/* The earliest arrival of one bin: device time, and the gateway's clock minus it. */
struct clock_sync_bin {
	int64_t index; /* arrival / CLOCK_SYNC_BIN_US */
	double x_us;
	double y_us;
	unsigned n; /* pairs in the bin */
};

/* Host time = x + offset_us + skew (x - x0_us), for device time x. */
struct clock_sync_line {
	double x0_us, offset_us, skew;
	double sigma_us;   /* scatter of a bin about the line */
	double weight;     /* sum of the Huber weights of the bins */
	double spread_us2; /* weighted sum of squared distances of the bins from x0, with the prior
			    */
};

struct clock_sync {
	struct clock_sync_settings settings;
	/* The unwrapped counter at the newest accepted pair. */
	bool has_pair;
	int64_t tick;
	double x_us;
	int64_t arrival_us;
	uint64_t pairs; /* accepted in this epoch */

	struct clock_sync_bin bin[CLOCK_SYNC_BINS]; /* oldest first */
	unsigned n_bins;
	struct clock_sync_bin open; /* n 0: none */
	double open_residual_us;
	struct clock_sync_line line;
	double prior_skew, prior_skew_sd; /* of the crystal, from before this epoch */

	/* Case 3 of the drawing: bins that agree with each other and not with the line. */
	struct clock_sync_bin stray[CLOCK_SYNC_STEP_BINS];
	unsigned n_strays;
	double recent_us[CLOCK_SYNC_RECENT]; /* last residuals, newest first */
	unsigned n_recent;
	double suspect_us; /* how far the newest pairs are off the line */

	/* Pairs refused in a row, and the offset of the first of them. */
	unsigned n_refused;
	double refused_y_us;

	/* Connection interval and phase coverage. */
	int64_t arrivals_us[CLOCK_SYNC_ARRIVALS]; /* ring */
	double delays_us[CLOCK_SYNC_ARRIVALS];
	unsigned n_arrivals;
	double interval_us; /* 0: unknown */
	double spread_us;   /* of the delays, if no interval is found */
	double phase[CLOCK_SYNC_PHASES];
	int64_t phase_us;

	/* The epoch before a step, for instants before it. */
	bool has_previous;
	double previous_end_us; /* device time */
	struct clock_sync_line previous;

	uint64_t steps;       /* since init */
	int64_t step_us;      /* host time of the last; 0: none */
	double last_out_x_us; /* monotone output */
	int64_t last_out_us;
	bool has_out;
};

/* An instant of host time, and the half-width that holds the true one in 95 of 100. */
struct clock_sync_time {
	int64_t t_us, unc_us;
};

/* A packet of a periodic stream: n samples, the first at the raw counter `tick`. */
struct clock_sync_block {
	uint64_t tick;
	int64_t arrival_us;
	unsigned n;
	double interval_us; /* on the device's clock */
};

struct clock_sync_status {
	bool is_synced;
	double skew_ppm; /* NAN before the first bins */
	double uncertainty_us;
	double coverage;    /* 0..1 */
	double interval_us; /* of the connection; 0: unknown */
	uint64_t steps;
	int64_t step_us;
};

void clock_sync_init(struct clock_sync *clock, const struct clock_sync_settings *settings);
/* The counter has restarted (a reboot): only the crystal's skew is kept. */
void clock_sync_restart(struct clock_sync *clock);

/* A pair: the raw counter, how many device microseconds later the packet was built, and its
 * arrival. 0, or -REASON_TIME_JUMP if the clock cannot have run that far. */
int clock_sync_pair(struct clock_sync *clock, uint64_t tick, double ahead_us, int64_t arrival_us);

/* Host time of the raw counter; -REASON_ORDER before the first pair. `is_old`: may be long before
 * its arrival (resent from memory), so the counter is unwrapped backwards. */
int clock_sync_map(const struct clock_sync *clock, uint64_t tick, int64_t arrival_us, bool is_old,
	struct clock_sync_time *ret);
/* The same for a block, which never begins before the end of the last one. ret_interval_us is the
 * interval on the host's clock. */
int clock_sync_map_block(struct clock_sync *clock, const struct clock_sync_block *block,
	struct clock_sync_time *ret, double *ret_interval_us);

/* A step within the last 10 s, or pairs that indicate one (decision-model.md, ruling 10). */
bool clock_sync_has_stepped(const struct clock_sync *clock, int64_t now_us);
void clock_sync_status(
	const struct clock_sync *clock, int64_t now_us, struct clock_sync_status *ret);
