// SPDX-License-Identifier: MIT
#include "daemon/core/posture/calibration.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/default-axes.h"
#include "daemon/core/posture/segment-angles.h"

/* The pose is held for 3 s (domain.md 4.2); the edges are given away. */
#define POSE_ROWS        250
#define POSE_STILL_DPS   4.0
#define SWING_MOVES_DPS  4.0
#define SPAN_DEFAULT_DEG 8.7 /* Levine & Whittle 1996 */
#define SPAN_MIN_DEG     4.0
#define SPAN_MAX_DEG     20.0
#define TILT_SHARE_MIN   0.9
#define RAISE_SHARE_MIN  0.85
#define TILT_OUT_DEG     2.5
#define RAISE_OUT_DEG    15.0
#define RAISE_ONSET_DEG  6.0
/* A raise that is held this long was no raise: the leg found another place to rest. */
#define HELD_ROWS     300
#define REST_ROWS_MIN 30
#define CLAPS_WANTED  3

static const struct {
	const char *waits_for;
	int64_t limit_us;
	unsigned cycles;
} plan[CALIBRATION_STEP_COUNT] = {
	[CALIBRATION_STEP_NEUTRAL] = {"lie relaxed, knees bent, for 3 s", 15 * US_PER_S, 0},
	[CALIBRATION_STEP_FLAT_BACK] = {"press the low back to the floor for 3 s", 15 * US_PER_S,
		0},
	[CALIBRATION_STEP_PELVIC_TILTS] = {"three slow pelvic tilts", 40 * US_PER_S, 3},
	[CALIBRATION_STEP_LEG_RAISE_LEFT] = {"two slow raises of the left leg", 45 * US_PER_S, 2},
	[CALIBRATION_STEP_LEG_RAISE_RIGHT] = {"two slow raises of the right leg", 45 * US_PER_S, 2},
	[CALIBRATION_STEP_CLAP] = {"three claps", 20 * US_PER_S, 0},
};

void calibration_init(struct calibration *c, uint32_t placements)
{
	memset(c, 0, sizeof(*c));
	c->placements = placements;
	calibration_forget(c);
}

void calibration_forget(struct calibration *c)
{
	struct kit_calibration empty = {.span_deg = SPAN_DEFAULT_DEG};

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		empty.clap_db[i] = NAN;
	c->kit = empty;
	c->has_neutral = false;
}

static bool has_placement(const struct calibration *c, enum placement placement)
{
	return c->placements >> placement & 1;
}

__attribute__((format(printf, 2, 3))) static int reject(
	struct calibration *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->why, sizeof(c->why), format, args);
	va_end(args);
	c->is_running = false;
	c->quality = 0;
	return CALIBRATION_STATE_REJECTED;
}

/* Tells the athlete how the running step stands. */
__attribute__((format(printf, 2, 3))) static void guide(
	struct calibration *c, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (strcmp(text, c->why) == 0)
		return;
	memcpy(c->why, text, sizeof(text));
	c->has_news = true;
}

/* What the step cannot do without. */
static enum placement wanted(const struct calibration *c, enum calibration_step step)
{
	switch (step) {
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
		return PLACEMENT_THIGH_LEFT;
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return PLACEMENT_THIGH_RIGHT;
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
	case CALIBRATION_STEP_PELVIC_TILTS:
		if (has_placement(c, PLACEMENT_PELVIS) || step == CALIBRATION_STEP_PELVIC_TILTS)
			return PLACEMENT_PELVIS;
		return has_placement(c, PLACEMENT_THIGH_LEFT) ? PLACEMENT_THIGH_LEFT
							      : PLACEMENT_THIGH_RIGHT;
	case CALIBRATION_STEP_CLAP:
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return PLACEMENT_COUNT;
}

static void clear_run(struct calibration *c)
{
	memset(c->mean, 0, sizeof(c->mean));
	c->still_rows = 0;
	c->motion_dps2 = 0;
	c->is_moving = false;
	c->held_rows = 0;
	c->still_at = c->still_n = 0;
	memset(c->swing, 0, sizeof(c->swing));
	memset(c->claps, 0, sizeof(c->claps));
}

bool calibration_begin(
	struct calibration *c, int64_t t_us, enum calibration_step step, enum exercise exercise)
{
	enum placement placement = wanted(c, step);

	c->step = step;
	c->exercise = exercise;
	c->start_us = t_us;
	c->quality = NAN;
	clear_run(c);
	if (placement < PLACEMENT_COUNT && !has_placement(c, placement)) {
		reject(c, "the kit has no wearable at %s", placement_to_string(placement));
		return false;
	}
	if (step == CALIBRATION_STEP_PELVIC_TILTS && !c->kit.segment[PLACEMENT_PELVIS].has_zero) {
		reject(c, "flat-back comes first: it is the zero of the tilts");
		return false;
	}
	/* Neutral begins a new calibration. */
	if (step == CALIBRATION_STEP_NEUTRAL && c->kit.is_calibrated)
		calibration_forget(c);
	snprintf(c->why, sizeof(c->why), "%s", plan[step].waits_for);
	c->is_running = true;
	c->has_news = false;
	return true;
}

/* The share of the whole procedure that was done, domain.md 4.2. */
static void rate_confidence(struct calibration *c)
{
	double sum = 0.5;

	if (c->kit.has_span)
		sum += 0.1;
	if (c->kit.segment[PLACEMENT_PELVIS].has_axis)
		sum += 0.2;
	for (unsigned side = 0; side < SIDES; side++)
		if (!has_placement(c, calibration_thigh(side)) ||
			c->kit.segment[calibration_thigh(side)].has_axis)
			sum += 0.1;
	c->kit.confidence = c->kit.is_calibrated ? sum : 0;
}

static int accept(struct calibration *c, double quality)
{
	c->why[0] = 0;
	c->is_running = false;
	c->quality = fmin(fmax(quality, 0), 1);
	c->kit.done |= 1u << c->step;
	rate_confidence(c);
	return CALIBRATION_STATE_ACCEPTED;
}

static void measure_span(struct calibration *c)
{
	const struct calibration_segment *pelvis = &c->kit.segment[PLACEMENT_PELVIS];
	double span;

	c->kit.has_span = false;
	c->kit.span_deg = SPAN_DEFAULT_DEG;
	if (!c->has_neutral || !pelvis->has_zero)
		return;
	span = DEG_PER_RAD *
	       segment_angles_turn(pelvis->axis, pelvis->zero, c->neutral[PLACEMENT_PELVIS]);
	if (span < SPAN_MIN_DEG || span > SPAN_MAX_DEG)
		return;
	c->kit.span_deg = span;
	c->kit.has_span = true;
}

static struct vec3 mean_of(const struct calibration_mean *mean)
{
	return vec3_unit(mean->sum);
}

static void default_thighs(struct calibration *c)
{
	for (unsigned side = 0; side < SIDES; side++) {
		enum placement thigh = calibration_thigh(side);
		struct calibration_segment *segment = &c->kit.segment[thigh];

		if (segment->has_axis || c->mean[thigh].n < POSE_ROWS / 2 ||
			c->exercise == EXERCISE_HANG)
			continue;
		segment->has_zero = default_axes_thigh(
			side, mean_of(&c->mean[thigh]), &segment->axis, &segment->zero);
	}
}

/* The axis between two poses of the pelvis: the neutral one is tilted forward. */
static bool axis_from_neutral(
	const struct calibration *c, enum placement placement, struct vec3 flat, struct vec3 *ret)
{
	struct vec3 cross = vec3_cross(c->neutral[placement], flat);
	double angle_deg = DEG_PER_RAD * asin(fmin(vec3_norm(cross), 1));

	if (!c->has_neutral || angle_deg < SPAN_MIN_DEG || angle_deg > SPAN_MAX_DEG)
		return false;
	*ret = vec3_unit(cross);
	return true;
}

static bool zero_trunk(struct calibration *c, enum placement placement)
{
	struct calibration_segment *segment = &c->kit.segment[placement];
	struct vec3 up = mean_of(&c->mean[placement]), axis;
	bool is_known = true;

	/* Worn as before: its functional axis still holds. */
	if (segment->has_axis && vec3_angle(segment->up_supine, up) > 10 * RAD_PER_DEG)
		segment->has_axis = false;
	segment->zero = segment->up_supine = up;
	segment->has_zero = true;
	if (segment->has_axis)
		return true;
	if (axis_from_neutral(c, placement, up, &axis) ||
		default_axes_trunk(c->exercise, up, &axis))
		segment->axis = axis;
	else
		is_known = false;
	return is_known;
}

static int end_flat_back(struct calibration *c, double quality)
{
	bool is_worn_as_expected;

	if (!has_placement(c, PLACEMENT_PELVIS)) {
		default_thighs(c);
		for (unsigned side = 0; side < SIDES; side++)
			if (has_placement(c, calibration_thigh(side)) &&
				!c->kit.segment[calibration_thigh(side)].has_zero)
				return reject(c, "%s is not worn with x to the head: do leg-raise",
					placement_to_string(calibration_thigh(side)));
		c->kit.is_calibrated = true;
		return accept(c, quality);
	}
	is_worn_as_expected = zero_trunk(c, PLACEMENT_PELVIS);
	if (has_placement(c, PLACEMENT_LUMBAR) && c->mean[PLACEMENT_LUMBAR].n > POSE_ROWS / 2 &&
		!zero_trunk(c, PLACEMENT_LUMBAR))
		c->kit.segment[PLACEMENT_LUMBAR].has_zero = false;
	if (!is_worn_as_expected) {
		c->kit.is_calibrated = false;
		return reject(c,
			"the pelvis sensor is not worn with x to the head and z out of the "
			"skin: do pelvic-tilts");
	}
	default_thighs(c);
	measure_span(c);
	c->kit.is_calibrated = true;
	return accept(c, quality);
}

static int pose_row(struct calibration *c, const struct timeline_row *row)
{
	const struct timeline_cell *cell = &row->cell[wanted(c, c->step)];
	double rate_dps = DEG_PER_RAD * vec3_norm(cell->gyr), quality;

	if (!cell->has)
		return 0;
	if (rate_dps > POSE_STILL_DPS) {
		clear_run(c);
		guide(c, "it moved: hold still");
		return 0;
	}
	c->motion_dps2 += rate_dps * rate_dps;
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (row->cell[i].has) {
			c->mean[i].sum = vec3_add(c->mean[i].sum, row->cell[i].up);
			c->mean[i].n++;
		}
	if (++c->still_rows < POSE_ROWS)
		return 0;
	quality = 1 - sqrt(c->motion_dps2 / c->still_rows) / POSE_STILL_DPS;
	if (c->step == CALIBRATION_STEP_FLAT_BACK)
		return end_flat_back(c, quality);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (c->mean[i].n > POSE_ROWS / 2)
			c->neutral[i] = mean_of(&c->mean[i]);
	c->has_neutral = true;
	return accept(c, quality);
}

/* Follows an excursion of one sensor from the zero. */
static void swing_row(struct calibration_swing *swing, struct vec3 zero, struct vec3 up,
	struct vec3 gyr, double out_deg)
{
	double away_deg = DEG_PER_RAD * vec3_angle(zero, up), step_s = TIMELINE_STEP_US * 1e-6;
	/* Home again well inside of where it counted as out. */
	double back_deg = fmax(fmin(0.3 * swing->peak_deg, 0.8 * out_deg), 0.4 * out_deg);

	if (vec3_norm(gyr) > SWING_MOVES_DPS * RAD_PER_DEG) {
		double *c = swing->covariance;

		c[0] += gyr.x * gyr.x;
		c[1] += gyr.x * gyr.y;
		c[2] += gyr.x * gyr.z;
		c[3] += gyr.y * gyr.y;
		c[4] += gyr.y * gyr.z;
		c[5] += gyr.z * gyr.z;
	}
	if (away_deg > swing->peak_deg) {
		swing->peak_deg = away_deg;
		if (swing->cycles == 0)
			swing->first_turn = vec3_add(swing->first_turn, vec3_scale(gyr, step_s));
	}
	if (away_deg > swing->greatest_deg)
		swing->greatest_deg = away_deg;
	if (!swing->is_out && away_deg > out_deg) {
		swing->is_out = true;
	} else if (swing->is_out && away_deg < back_deg) {
		swing->is_out = false;
		swing->peak_deg = 0;
		swing->cycles++;
	}
}

static void guide_swing(
	struct calibration *c, const struct calibration_swing *swing, const char *what)
{
	if (swing->cycles)
		guide(c, "%u of %u %s seen", swing->cycles, plan[c->step].cycles, what);
}

static int end_tilts(struct calibration *c)
{
	double quality = 0;

	for (unsigned i = 0; i < 2; i++) {
		enum placement placement = i ? PLACEMENT_LUMBAR : PLACEMENT_PELVIS;
		struct calibration_segment *segment = &c->kit.segment[placement];
		const struct calibration_swing *swing = &c->swing[placement];
		struct vec3 axis;
		double share = segment_angles_principal(swing->covariance, &axis);

		if (placement == PLACEMENT_PELVIS) {
			quality = share;
			if (share < TILT_SHARE_MIN)
				return reject(c, "the pelvis turned about more than one axis");
		} else if (!segment->has_zero || share < TILT_SHARE_MIN ||
			   swing->greatest_deg < TILT_OUT_DEG) {
			continue;
		}
		/* From the flat back a pelvis can only tilt forward. */
		segment->axis = vec3_dot(axis, swing->first_turn) < 0 ? vec3_scale(axis, -1) : axis;
		segment->has_axis = true;
	}
	measure_span(c);
	c->kit.is_calibrated = true;
	return accept(c, quality);
}

static int tilts_row(struct calibration *c, const struct timeline_row *row)
{
	for (unsigned i = 0; i < 2; i++) {
		enum placement placement = i ? PLACEMENT_LUMBAR : PLACEMENT_PELVIS;
		const struct timeline_cell *cell = &row->cell[placement];

		if (cell->has && c->kit.segment[placement].has_zero)
			swing_row(&c->swing[placement], c->kit.segment[placement].zero, cell->up,
				cell->gyr, TILT_OUT_DEG);
	}
	if (c->swing[PLACEMENT_PELVIS].cycles < plan[c->step].cycles) {
		guide_swing(c, &c->swing[PLACEMENT_PELVIS], "pelvic tilts");
		return 0;
	}
	return end_tilts(c);
}

static int end_raises(struct calibration *c, enum placement thigh)
{
	struct calibration_segment *segment = &c->kit.segment[thigh];
	const struct calibration_swing *swing = &c->swing[thigh];
	struct vec3 axis;
	double share = segment_angles_principal(swing->covariance, &axis);

	if (share < RAISE_SHARE_MIN)
		return reject(c, "the leg turned about more than one axis");
	/* About the axis to the left a rising thigh turns backward. */
	segment->axis = vec3_dot(axis, swing->first_turn) > 0 ? vec3_scale(axis, -1) : axis;
	segment->zero = segment->up_supine = c->zero;
	segment->has_axis = segment->has_zero = true;
	if (!has_placement(c, PLACEMENT_PELVIS))
		c->kit.is_calibrated = true;
	return accept(c, share);
}

static int raise_row(struct calibration *c, const struct timeline_row *row)
{
	enum placement thigh = wanted(c, c->step);
	const struct timeline_cell *cell = &row->cell[thigh];
	struct calibration_swing *swing = &c->swing[thigh];
	bool is_still = vec3_norm(cell->gyr) < SWING_MOVES_DPS * RAD_PER_DEG;
	struct vec3 sum = {0, 0, 0};

	if (!cell->has)
		return 0;
	if (!c->is_moving) {
		if (is_still) {
			c->still[c->still_at] = cell->up;
			c->still_at = (c->still_at + 1) % CALIBRATION_STILL_ROWS;
			if (c->still_n < CALIBRATION_STILL_ROWS)
				c->still_n++;
		}
		if (c->still_n < REST_ROWS_MIN)
			return 0;
		for (unsigned i = 0; i < c->still_n; i++)
			sum = vec3_add(sum, c->still[i]);
		c->zero = vec3_unit(sum);
		if (vec3_angle(c->zero, cell->up) < RAISE_ONSET_DEG * RAD_PER_DEG)
			return 0;
		c->is_moving = true;
		c->held_rows = 0;
		memset(c->swing, 0, sizeof(c->swing));
	}
	swing_row(swing, c->zero, cell->up, cell->gyr, RAISE_OUT_DEG);
	c->held_rows = is_still && swing->is_out ? c->held_rows + 1 : 0;
	if (c->held_rows >= HELD_ROWS) {
		c->is_moving = false;
		c->still_at = c->still_n = 0;
	}
	if (swing->cycles >= plan[c->step].cycles)
		return end_raises(c, thigh);
	guide_swing(c, swing, "leg raises");
	return 0;
}

int calibration_row(struct calibration *c, const struct timeline_row *row)
{
	if (!c->is_running || row->t_us < c->start_us)
		return 0;
	switch (c->step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		return pose_row(c, row);
	case CALIBRATION_STEP_PELVIC_TILTS:
		return tilts_row(c, row);
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return raise_row(c, row);
	case CALIBRATION_STEP_CLAP:
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return 0;
}

int64_t calibration_deadline(const struct calibration *c)
{
	return c->is_running ? c->start_us + plan[c->step].limit_us : T_NEVER;
}

int calibration_advance(struct calibration *c, int64_t now_us)
{
	enum placement placement;

	if (now_us < calibration_deadline(c))
		return 0;
	placement = wanted(c, c->step);
	switch (c->step) {
	case CALIBRATION_STEP_NEUTRAL:
	case CALIBRATION_STEP_FLAT_BACK:
		return reject(c, "%s was not still for 3 s", placement_to_string(placement));
	case CALIBRATION_STEP_PELVIC_TILTS:
		return reject(c, "%u of 3 pelvic tilts seen", c->swing[placement].cycles);
	case CALIBRATION_STEP_LEG_RAISE_LEFT:
	case CALIBRATION_STEP_LEG_RAISE_RIGHT:
		return reject(c, "%u of 2 leg raises seen", c->swing[placement].cycles);
	case CALIBRATION_STEP_CLAP:
	case CALIBRATION_STEP_COUNT:
		break;
	}
	return reject(c, "fewer than three claps heard");
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

int calibration_clap(
	struct calibration *c, enum placement placement, int64_t t_us, double contact_air_db)
{
	float *heard = c->clap_db[placement];

	if (!c->is_running || c->step != CALIBRATION_STEP_CLAP || t_us < c->start_us ||
		!isfinite(contact_air_db) || c->claps[placement] >= 8)
		return 0;
	heard[c->claps[placement]++] = (float)contact_air_db;
	qsort(heard, c->claps[placement], sizeof(*heard), by_value);
	c->kit.clap_db[placement] = heard[c->claps[placement] / 2];
	return c->claps[placement] >= CLAPS_WANTED ? accept(c, 1) : 0;
}
