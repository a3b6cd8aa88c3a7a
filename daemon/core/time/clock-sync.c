// SPDX-License-Identifier: MIT
/* residual of the earliest arrival of each bin against the line, ms
 *
 *   +180                               x  x  x'                 (3) the device's clock stepped
 *                                                                   back: 3 bins agree, the third
 *    +40          .                                                 (x') opens a new epoch
 *      0  o  o  o    o  o  o  o  o  o             o  o  o       (1) the line
 *                 |                                             (2) one late bin: ignored
 *
 *   (4) a jump over 1 s is refused pair by pair
 *   (5) until 3 bins agree, the uncertainty is at least the residual of the newest pairs
 */
#include "coxad/core/time/clock-sync.h"

#include <math.h>
#include <string.h>

#include "coxad/base/list.h"
#include "daemon/core/time/clock-line.h"
#include "daemon/core/time/clock-phase.h"
#include "coxad/base/diag.h"
#include "coxad/base/units.h"

#define STEP_REPORTED_US 10000000
#define JUMP_US          1000000.0 /* decision-model.md, ruling 10 */
/* Earlier than the line by this cannot be the host's jitter. */
#define EARLY_US         5000.0
#define LATE_MAX_US      60000000.0
#define EARLY_BINS       3
#define UNKNOWN_FACTOR   1.4
#define WINDOW_US        60000000.0 /* decision-model.md 5 */
#define WINDOW_LONG_US   600000000.0
#define WINDOW_FULL      15 /* bins within WINDOW_US after which the older ones go */
#define REFUSED_AGREE    8
#define REFUSED_AGREE_US 100000.0
/* Of max_skew: the rate of a decent crystal lies within it two times out of three. */
#define SKEW_SD_SHARE 0.3
/* A crystal known from an earlier epoch may still change with temperature. */
#define CRYSTAL_SD 20e-6
/* Beyond the window temperature bends the line: about 1 K at the edge of an AT-cut's range. */
#define AGING 2e-6
/* The minimum delay of radio and host is part of every arrival, so no arrival shows it. A packet of
 * 247 bytes takes 2.1 ms on the air at 1 Mbit/s, a short one 0.3 ms, and the way through kernel,
 * bluetoothd and bus about 1 ms: the middle is subtracted and as much is left as uncertainty. */
#define DELAY_US 1750.0
#define FLOOR_US 2000.0

static double step_us(const struct clock_sync *clock)
{
	return clock->settings.analysis->clock_step_ms * US_PER_MS;
}

static void forget_epoch(struct clock_sync *clock)
{
	clock->pairs = 0;
	clock->n_bins = clock->n_strays = clock->n_recent = 0;
	clock->open.n = 0;
	clock->suspect_us = 0;
	clock->n_refused = 0;
	memset(clock->phase, 0, sizeof(clock->phase));
}

void clock_sync_init(struct clock_sync *clock, const struct clock_sync_settings *settings)
{
	memset(clock, 0, sizeof(*clock));
	clock->settings = *settings;
	clock->prior_skew_sd = settings->max_skew_ppm * 1e-6 * SKEW_SD_SHARE;
}

static void keep_crystal(struct clock_sync *clock)
{
	if (clock->n_bins < WINDOW_FULL)
		return;
	clock->prior_skew = clock->line.skew;
	clock->prior_skew_sd = fmin(clock->prior_skew_sd, CRYSTAL_SD);
}

void clock_sync_restart(struct clock_sync *clock)
{
	keep_crystal(clock);
	forget_epoch(clock);
	clock_phase_forget(clock);
	clock->has_pair = false;
	clock->has_previous = false;
}

/* The unwrapped counter nearest to the value expected at that arrival; for old instants the last
 * one not after it. */
static int64_t unwrap(
	const struct clock_sync *clock, uint64_t tick, int64_t arrival_us, bool is_old)
{
	unsigned bits = clock->settings.tick_bits;
	uint64_t circle, ahead;
	int64_t expected, slack;

	if (bits >= 64 || !clock->has_pair)
		return (int64_t)tick;
	circle = UINT64_C(1) << bits;
	expected = clock->tick +
		   (int64_t)((double)(arrival_us - clock->arrival_us) / clock->settings.tick_us);
	slack = (int64_t)(is_old ? circle / 64 : circle / 2);
	/* How far the counter is ahead of the earliest value allowed. */
	ahead = (tick - (uint64_t)(expected + slack)) & (circle - 1);
	return expected + slack - (int64_t)circle + (int64_t)ahead;
}

static double least_bound(double spread_us, uint64_t n)
{
	/* In 95 of 100 cases the minimum of n uniform draws from the spread is below this. */
	return n ? spread_us * -expm1(log(0.05) / (double)n) : spread_us;
}

static double coverage_term(const struct clock_sync *clock)
{
	double spread_us = clock_phase_spread(clock);

	if (clock_phase_coverage(clock) >= clock->settings.analysis->clock_coverage)
		return least_bound(spread_us, clock->pairs);
	/* An unknown interval may be wider than assumed, and while there are few pairs all of them
	 * may have been retransmitted. */
	if (clock->interval_us == 0)
		spread_us *= UNKNOWN_FACTOR;
	return fmax(spread_us / 2, least_bound(spread_us, clock->pairs));
}

static double floor_of(const struct clock_sync *clock)
{
	return FLOOR_US + clock->settings.quantum_us / 2;
}

static double line_uncertainty(const struct clock_sync_line *line, double x_us)
{
	double away = x_us - line->x0_us;
	double beyond = fmax(fabs(away) - WINDOW_US, 0);

	return 2 * line->sigma_us * sqrt(1 / line->weight + away * away / line->spread_us2) +
	       AGING * beyond;
}

static double uncertainty_at(const struct clock_sync *clock, double x_us)
{
	double unc = line_uncertainty(&clock->line, x_us) + coverage_term(clock) + floor_of(clock);

	/* The pairs that show a step are late themselves. */
	if (clock->suspect_us > step_us(clock))
		unc += clock_phase_spread(clock);
	return unc + clock->suspect_us;
}

static void refit(struct clock_sync *clock)
{
	struct clock_line_crystal crystal = {
		clock->prior_skew, clock->prior_skew_sd, clock->settings.max_skew_ppm * 1e-6};
	struct clock_sync_bin bins[CLOCK_SYNC_BINS + 1];
	unsigned n = clock->n_bins;

	memcpy(bins, clock->bin, n * sizeof(bins[0]));
	if (n < EARLY_BINS && clock->open.n)
		bins[n++] = clock->open;
	if (n)
		clock_line_fit(bins, n, clock_phase_bias_spread(clock), &crystal, &clock->line);
}

static void drop_oldest(struct clock_sync *clock)
{
	list_drop(clock->bin, clock->n_bins, 0);
}

static void push_bin(struct clock_sync *clock, const struct clock_sync_bin *bin)
{
	if (clock->n_bins == CLOCK_SYNC_BINS)
		drop_oldest(clock);
	clock->bin[clock->n_bins++] = *bin;
	/* Sparse pairs (a polled clock, a lost link) need a longer window. */
	while (clock->n_bins > 1 && (bin->x_us - clock->bin[0].x_us > WINDOW_LONG_US ||
					    (clock->n_bins > WINDOW_FULL &&
						    bin->x_us - clock->bin[0].x_us > WINDOW_US)))
		drop_oldest(clock);
}

static double residual_of(const struct clock_sync *clock, const struct clock_sync_bin *bin)
{
	return bin->x_us + bin->y_us - clock_line_at(&clock->line, bin->x_us);
}

/* Case 3. */
static void begin_epoch(struct clock_sync *clock)
{
	struct clock_sync_bin bins[CLOCK_SYNC_STEP_BINS];

	memcpy(bins, clock->stray, sizeof(bins));
	keep_crystal(clock);
	clock->previous = clock->line;
	clock->previous_end_us = bins[0].x_us;
	clock->has_previous = true;
	forget_epoch(clock);
	for (unsigned i = 0; i < CLOCK_SYNC_STEP_BINS; i++) {
		clock->pairs += bins[i].n;
		push_bin(clock, &bins[i]);
	}
	refit(clock);
	clock->steps++;
	clock->step_us = clock->arrival_us;
	TRACE(&clock->settings.trace, CLOCK, clock->arrival_us,
		"new epoch: moved by %.1f ms, skew %.1f ppm, sigma %.2f ms",
		(clock_line_at(&clock->line, clock->x_us) -
			clock_line_at(&clock->previous, clock->x_us)) /
			US_PER_MS,
		clock->line.skew * 1e6, clock->line.sigma_us / US_PER_MS);
}

static bool is_stray(
	const struct clock_sync *clock, const struct clock_sync_bin *bin, double residual)
{
	double spread_us = clock_phase_spread(clock);

	if (clock->n_bins < EARLY_BINS)
		return false;
	/* A bin of few packets may have no early one. */
	if (residual > 0)
		return residual > step_us(clock) + 2 * spread_us / (bin->n + 1);
	return -residual > step_us(clock) + line_uncertainty(&clock->line, bin->x_us);
}

/* Whether a stray bin continues the ones before it: as far off the line, or moving away from it
 * evenly, no faster than two crystals can, which means that the line's skew was wrong. */
static bool goes_on(
	const struct clock_sync *clock, const struct clock_sync_bin *bin, double residual)
{
	const struct clock_sync_bin *last = &clock->stray[clock->n_strays - 1], *before;
	double apart_us = bin->x_us - last->x_us;
	double change = residual - residual_of(clock, last), slope;

	if (fabs(change) <= step_us(clock))
		return true;
	if (fabs(change) > step_us(clock) + 2e-6 * clock->settings.max_skew_ppm * apart_us)
		return false;
	if (clock->n_strays < 2)
		return true;
	before = last - 1;
	slope = (residual_of(clock, last) - residual_of(clock, before)) /
		(last->x_us - before->x_us);
	return fabs(change - slope * apart_us) <= step_us(clock);
}

static void close_bin(struct clock_sync *clock)
{
	struct clock_sync_bin bin = clock->open;
	double residual = residual_of(clock, &bin);

	clock->open.n = 0;
	if (!is_stray(clock, &bin, residual)) {
		clock->n_strays = 0;
		push_bin(clock, &bin);
		refit(clock);
		TRACE(&clock->settings.trace, CLOCK, clock->arrival_us,
			"bin taken: residual %.2f ms, %u pairs, %u bins, skew %.1f ppm, sigma %.2f ms",
			residual / US_PER_MS, bin.n, clock->n_bins, clock->line.skew * 1e6,
			clock->line.sigma_us / US_PER_MS);
		return;
	}
	if (clock->n_strays && !goes_on(clock, &bin, residual))
		clock->n_strays = 0;
	*list_add(clock->stray, clock->n_strays, CLOCK_SYNC_STEP_BINS) = bin;
	TRACE(&clock->settings.trace, CLOCK, clock->arrival_us,
		"stray bin %u of %u: residual %.2f ms, step limit %.2f ms, %u pairs",
		clock->n_strays, CLOCK_SYNC_STEP_BINS, residual / US_PER_MS,
		step_us(clock) / US_PER_MS, bin.n);
	if (clock->n_strays == CLOCK_SYNC_STEP_BINS && fabs(residual) <= JUMP_US)
		begin_epoch(clock);
}

/* Case 5: how far off the newest pairs are. Late pairs must agree, as each may be late for its own
 * reason; a single one is enough if it came before it could. */
static void update_suspect(struct clock_sync *clock, double residual)
{
	double least = INFINITY, most_early = 0;

	memmove(&clock->recent_us[1], &clock->recent_us[0],
		(CLOCK_SYNC_RECENT - 1) * sizeof(clock->recent_us[0]));
	clock->recent_us[0] = residual;
	if (clock->n_recent < CLOCK_SYNC_RECENT)
		clock->n_recent++;
	clock->suspect_us = 0;
	if (clock->n_bins < EARLY_BINS)
		return;
	for (unsigned i = 0; i < clock->n_recent; i++) {
		least = fmin(least, clock->recent_us[i]);
		most_early = fmax(most_early, -clock->recent_us[i]);
	}
	if (least > step_us(clock) + clock_phase_spread(clock) &&
		clock->n_recent == CLOCK_SYNC_RECENT)
		clock->suspect_us = least;
	if (clock->n_strays)
		clock->suspect_us = fmax(clock->suspect_us,
			fabs(residual_of(clock, &clock->stray[clock->n_strays - 1])));
	if (most_early > EARLY_US + line_uncertainty(&clock->line, clock->x_us))
		clock->suspect_us = fmax(clock->suspect_us, most_early);
}

static void add_to_bin(struct clock_sync *clock, double x_us, double y_us, int64_t arrival_us)
{
	int64_t index = arrival_us / CLOCK_SYNC_BIN_US;
	double residual;

	if (clock->open.n && clock->open.index != index)
		close_bin(clock);
	residual = clock->pairs ? x_us + y_us - clock_line_at(&clock->line, x_us) : 0;
	if (!clock->open.n || residual < residual_of(clock, &clock->open)) {
		unsigned n = clock->open.n;

		clock->open = (struct clock_sync_bin){index, x_us, y_us, n};
	}
	clock->open.n++;
	clock->pairs++;
	if (clock->n_bins < EARLY_BINS)
		refit(clock);
}

static bool is_jump(const struct clock_sync *clock, double x_us, double residual)
{
	if (residual < -JUMP_US || residual > LATE_MAX_US || x_us < clock->x_us - JUMP_US)
		return true;
	return residual > JUMP_US && clock->n_strays == CLOCK_SYNC_STEP_BINS;
}

/* Refused pairs that agree and outnumber the pairs of the line show that the first pairs were
 * wrong, or that a wearable that does not report a boot has restarted. */
static bool refused_are_right(struct clock_sync *clock, double y_us)
{
	if (clock->n_refused == 0 || fabs(y_us - clock->refused_y_us) > REFUSED_AGREE_US)
		clock->n_refused = 0;
	if (clock->n_refused++ == 0)
		clock->refused_y_us = y_us;
	return clock->n_refused >= REFUSED_AGREE &&
	       (clock->settings.tells_no_boot || clock->pairs < clock->n_refused);
}

int clock_sync_pair(struct clock_sync *clock, uint64_t tick, double ahead_us, int64_t arrival_us)
{
	int64_t unwrapped = unwrap(clock, tick, arrival_us, false);
	double x_us = (double)unwrapped * clock->settings.tick_us + ahead_us;
	double y_us = (double)arrival_us - x_us;

	if (clock->has_pair) {
		double residual = (double)arrival_us - clock_line_at(&clock->line, x_us);

		if (is_jump(clock, x_us, residual)) {
			bool begins_anew = refused_are_right(clock, y_us);

			TRACE(&clock->settings.trace, CLOCK, arrival_us,
				"pair refused: off the line by %.1f ms, %u refused in a row%s",
				residual / US_PER_MS, clock->n_refused,
				begins_anew ? "; they agree, starting over" : "");
			if (!begins_anew)
				return -REASON_TIME_JUMP;
			clock_sync_restart(clock);
			unwrapped = unwrap(clock, tick, arrival_us, false);
			x_us = (double)unwrapped * clock->settings.tick_us + ahead_us;
			y_us = (double)arrival_us - x_us;
		} else {
			update_suspect(clock, residual);
			clock_phase_push(clock, arrival_us, residual);
		}
	}
	clock->n_refused = 0;
	clock->has_pair = true;
	clock->tick = unwrapped;
	clock->x_us = x_us;
	clock->arrival_us = arrival_us;
	add_to_bin(clock, x_us, y_us, arrival_us);
	return 0;
}

int clock_sync_map(const struct clock_sync *clock, uint64_t tick, int64_t arrival_us, bool is_old,
	struct clock_sync_time *ret)
{
	/* The earliest arrivals are of instants just after a step of the counter. */
	double centre_us = clock->settings.quantum_us / 2 - DELAY_US;
	double x_us, unc_us;

	if (!clock->has_pair)
		return -REASON_ORDER;
	x_us = (double)unwrap(clock, tick, arrival_us, is_old) * clock->settings.tick_us;
	if (is_old && clock->has_previous && x_us < clock->previous_end_us) {
		unc_us = line_uncertainty(&clock->previous, x_us) + coverage_term(clock) +
			 floor_of(clock);
		ret->t_us = llrint(clock_line_at(&clock->previous, x_us) + centre_us);
		ret->unc_us = llrint(unc_us);
		return 0;
	}
	ret->t_us = llrint(clock_line_at(&clock->line, x_us) + centre_us);
	ret->unc_us = llrint(uncertainty_at(clock, x_us));
	return 0;
}

int clock_sync_map_block(struct clock_sync *clock, const struct clock_sync_block *block,
	struct clock_sync_time *ret, double *ret_interval_us)
{
	double host_interval_us = block->interval_us * (1 + clock->line.skew);
	struct clock_sync_time at;
	int r = clock_sync_map(clock, block->tick, block->arrival_us, false, &at);

	if (r < 0)
		return r;
	if (clock->has_out && at.t_us < clock->last_out_us) {
		at.unc_us += clock->last_out_us - at.t_us;
		at.t_us = clock->last_out_us;
	}
	clock->has_out = true;
	clock->last_out_us = at.t_us + llrint((block->n - 1) * host_interval_us);
	*ret = at;
	*ret_interval_us = host_interval_us;
	return 0;
}

bool clock_sync_has_stepped(const struct clock_sync *clock, int64_t now_us)
{
	return clock->suspect_us > step_us(clock) ||
	       (clock->steps > 0 && now_us - clock->step_us < STEP_REPORTED_US);
}

void clock_sync_status(
	const struct clock_sync *clock, int64_t now_us, struct clock_sync_status *ret)
{
	*ret = (struct clock_sync_status){.skew_ppm = NAN,
		.uncertainty_us = NAN,
		.coverage = clock_phase_coverage(clock),
		.interval_us = clock->interval_us,
		.steps = clock->steps,
		.step_us = clock->step_us};
	if (!clock->has_pair)
		return;
	ret->is_synced = true;
	/* The device clock runs slow by as much as its time has to be stretched. */
	if (clock->n_bins >= EARLY_BINS)
		ret->skew_ppm = -clock->line.skew * 1e6;
	ret->uncertainty_us =
		uncertainty_at(clock, clock->x_us + (double)(now_us - clock->arrival_us));
}
