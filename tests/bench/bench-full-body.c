// SPDX-License-Identifier: MIT
/* bench-full-body [FOLDER]: one person in fast movement with sensors at the hip, the low back and
 * both thighs (qmt's full-body recording, see the folder's README), through the filter and the
 * posture of a kit. Prints how far each inclination is from the recording's own reference, less the
 * one constant rotation between both, and what the kit made of it: this is no set of leg raises, so
 * it counts no repetition, calibrated or not.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/core/posture/kit-posture.h"
#include "daemon/core/posture/orientation.h"
#include "daemon/core/posture/segment-angles.h"
#include "tests/bench/trial.h"

#define WORN   4
#define PACKET 8
#define TURNS  200
/* The reference is another filter's, which settles first. */
#define SETTLE_S 1

static const struct {
	const char *file;
	enum placement placement;
} worn[WORN] = {
	{"hip", PLACEMENT_PELVIS},
	{"lower_back", PLACEMENT_LUMBAR},
	{"upper_leg_left", PLACEMENT_THIGH_LEFT},
	{"upper_leg_right", PLACEMENT_THIGH_RIGHT},
};

struct tally {
	unsigned reps;
	unsigned long frames, phase[PHASE_COUNT];
};

/* Up by the filter and by the reference, both in frames fixed to the sensor. */
struct pair {
	struct vec3 is, wanted;
};

static size_t make_pairs(const struct trial *trial, struct pair *ret)
{
	struct orientation orientation;
	size_t n = 0;

	orientation_init(&orientation);
	for (size_t i = 0; i < trial->n; i++) {
		const struct trial_line *line = &trial->line[i];
		struct quat q = {line->quat[0], line->quat[1], line->quat[2], line->quat[3]};
		struct orientation_output out;
		struct motion_sample sample;

		if (!trial_sample(line, 1, &sample))
			continue;
		orientation_update(
			&orientation, &sample, 1 / trial->rate_hz, 1 / trial->rate_hz, &out);
		if (trial_is_known(line->quat, 4) && (double)i > SETTLE_S * trial->rate_hz)
			ret[n++] = (struct pair){out.up,
				quat_rotate(quat_conj(quat_unit(q)), (struct vec3){0, 0, 1})};
	}
	return n;
}

/* The rotation that brings `is` nearest to `wanted`, by turning a little at a time. */
static struct quat fit_mount(const struct pair *pair, size_t n)
{
	struct quat mount = {1, 0, 0, 0};
	double best = INFINITY;

	/* From each of the 24 right-angled starts: a descent finds only the nearest. */
	for (unsigned start = 0; start < 24; start++) {
		struct quat q = quat_mul(
			quat_from_axis_angle((struct vec3){0, 0, 1}, (start % 4) * M_PI / 2),
			start < 16 ? quat_from_axis_angle(
					     (struct vec3){1, 0, 0}, (start / 4) * M_PI / 2)
				   : quat_from_axis_angle((struct vec3){0, 1, 0},
					     start < 20 ? M_PI / 2 : -M_PI / 2));
		double error = 0;

		for (unsigned turn = 0; turn < TURNS; turn++) {
			struct vec3 sum = {0, 0, 0};
			double angle;

			for (size_t i = 0; i < n; i++)
				sum = vec3_add(sum,
					vec3_cross(quat_rotate(q, pair[i].is), pair[i].wanted));
			sum = vec3_scale(sum, 1.0 / (double)n);
			angle = vec3_norm(sum);
			if (angle < 1e-9)
				break;
			q = quat_unit(quat_mul(
				quat_from_axis_angle(vec3_scale(sum, 1 / angle), angle), q));
		}
		for (size_t i = 0; i < n; i++)
			error += pow(vec3_angle(quat_rotate(q, pair[i].is), pair[i].wanted), 2);
		if (error < best) {
			best = error;
			mount = q;
		}
	}
	return mount;
}

static void print_inclination(const char *name, const struct trial *trial)
{
	struct pair *pair = calloc(trial->n, sizeof(*pair));
	size_t n = pair ? make_pairs(trial, pair) : 0;
	struct quat mount = fit_mount(pair, n);
	double sum = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		double deg =
			DEG_PER_RAD * vec3_angle(quat_rotate(mount, pair[i].is), pair[i].wanted);

		sum += deg * deg;
		most = fmax(most, deg);
	}
	printf("%-18s %8zu %8.2f %8.2f\n", name, n, sqrt(sum / (double)n), most);
	free(pair);
}

static void on_frame(void *user, const struct posture_frame *frame)
{
	struct tally *tally = user;

	tally->frames++;
	tally->phase[frame->phase_kit]++;
}

static void on_rep(void *user, const struct posture_rep *rep)
{
	struct tally *tally = user;

	tally->reps++;
}

static void on_calibration(void *user, const struct calibration_result *result)
{
}

static void on_calibrated(void *user, const struct kit_calibration *calibration)
{
}

static const struct kit_posture_ops ops = {
	.frame = on_frame,
	.rep = on_rep,
	.calibration = on_calibration,
	.calibrated = on_calibrated,
	.limit = on_frame,
};

/* As if it had been calibrated lying: each segment's zero a quarter turn from its first stand,
 * about the level axis that it turns about most, in one sense or the other. */
static struct kit_calibration pretend(const struct trial *trial, double quarter)
{
	struct kit_calibration c = {.is_calibrated = true, .span_deg = 8.7, .confidence = 0.5};

	for (unsigned i = 0; i < WORN; i++) {
		struct calibration_segment *s = &c.segment[worn[i].placement];
		double covariance[6] = {0};
		struct vec3 up = {0, 0, 0};

		for (size_t k = 0; k < trial[i].n; k++) {
			const double *g = trial[i].line[k].gyr, *a = trial[i].line[k].acc;

			if (!trial_is_known(g, 3) || !trial_is_known(a, 3))
				continue;
			covariance[0] += g[0] * g[0];
			covariance[1] += g[0] * g[1];
			covariance[2] += g[0] * g[2];
			covariance[3] += g[1] * g[1];
			covariance[4] += g[1] * g[2];
			covariance[5] += g[2] * g[2];
			if (k < trial[i].rate_hz)
				up = vec3_add(up, (struct vec3){a[0], a[1], a[2]});
		}
		up = vec3_unit(up);
		segment_angles_principal(covariance, &s->axis);
		s->axis = vec3_unit(vec3_sub(s->axis, vec3_scale(up, vec3_dot(s->axis, up))));
		s->zero = s->up_supine = quat_rotate(quat_from_axis_angle(s->axis, quarter), up);
		s->has_axis = s->has_zero = true;
	}
	return c;
}

static void play(
	const struct trial *trial, const struct kit_calibration *calibration, struct tally *tally)
{
	struct analysis_conf conf;
	struct kit_posture *posture;
	uint32_t placements = 0;
	size_t n = trial[0].n;

	analysis_conf_default(&conf);
	for (unsigned i = 0; i < WORN; i++) {
		placements |= 1u << worn[i].placement;
		n = trial[i].n < n ? trial[i].n : n;
	}
	posture = kit_posture_new(
		&(struct kit_posture_settings){"1", &conf, EXERCISE_SUPINE_STRAIGHT, placements},
		&ops, tally);
	kit_posture_session(posture, US_PER_S, EXERCISE_SUPINE_STRAIGHT);
	if (calibration)
		kit_posture_restore(posture, calibration);
	for (unsigned i = 0; i < WORN; i++)
		kit_posture_link(posture, worn[i].placement, US_PER_S, true);
	for (size_t at = 0; at + PACKET <= n; at += PACKET)
		for (unsigned i = 0; i < WORN; i++) {
			struct motion_sample sample[PACKET];
			struct record record = {.kind = RECORD_MOTION, .t_unc_us = 500};
			double interval_us = (double)US_PER_S / trial[i].rate_hz;
			bool is_known = true;

			for (unsigned k = 0; k < PACKET; k++)
				is_known &= trial_sample(&trial[i].line[at + k], 1, &sample[k]);
			record.t_us = 2 * US_PER_S + (int64_t)((double)at * interval_us);
			record.arrival_us = record.t_us + (int64_t)(PACKET * interval_us) + 20000;
			record.interval_host_us = interval_us;
			record.motion = (struct motion_block){.n = PACKET,
				.interval_us = interval_us,
				.has_gyr = true,
				.samples = sample};
			if (is_known)
				kit_posture_push(posture, worn[i].placement, &record);
		}
	kit_posture_free(posture);
}

static void print_tally(const char *name, const struct tally *tally)
{
	printf("%-28s %u repetitions in %lu frames:", name, tally->reps, tally->frames);
	for (unsigned i = 0; i < PHASE_COUNT; i++)
		if (tally->phase[i])
			printf(" %s %.0f %%", phase_to_string((enum phase)i),
				100.0 * (double)tally->phase[i] / (double)tally->frames);
	printf("\n");
}

int main(int argc, char **argv)
{
	const char *data = getenv("COXAD_TEST_DATA");
	struct trial trial[WORN] = {0};
	char folder[512], path[640];
	unsigned counted = 0;

	snprintf(folder, sizeof(folder), "%s/full-body-100hz", data ? data : "");
	if (argc < 2 && !data) {
		printf("bench-full-body: COXAD_TEST_DATA names no folder\n");
		return 0;
	}
	for (unsigned i = 0; i < WORN; i++) {
		int r;

		snprintf(path, sizeof(path), "%s/%s.csv.gz", argc > 1 ? argv[1] : folder,
			worn[i].file);
		r = trial_read(path, &trial[i]);
		if (r < 0) {
			fprintf(stderr, "%s: %s\n", path, strerror(-r));
			return 1;
		}
	}
	printf("%-18s %8s %8s %8s\n", "inclination, deg", "samples", "RMSE", "most");
	for (unsigned i = 0; i < WORN; i++)
		print_inclination(worn[i].file, &trial[i]);
	for (unsigned way = 0; way < 3; way++) {
		static const char *const names[] = {
			"not calibrated", "calibrated one way", "calibrated the other way"};
		struct kit_calibration calibration =
			pretend(trial, way == 1 ? M_PI / 2 : -M_PI / 2);
		struct tally tally = {0};

		play(trial, way ? &calibration : NULL, &tally);
		print_tally(names[way], &tally);
		counted += tally.reps;
	}
	for (unsigned i = 0; i < WORN; i++)
		free(trial[i].line);
	return counted ? 1 : 0;
}
