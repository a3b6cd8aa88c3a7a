// SPDX-License-Identifier: MIT
#include "coxad/flow/trial.h"

#include <math.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/flow/intake-event.h"

#define BUCKET_US 100000
#define BUCKETS   (TRIAL_WINDOW_US / BUCKET_US)
/* Without a gyroscope: what noise turns gravity by is not a movement. */
#define GRAVITY_SMOOTH 0.2f

struct trial {
	struct intake *intake;
	int64_t now_us;
	struct {
		int64_t number; /* of BUCKET_US since the clock began */
		double turned_rad;
	} bucket[BUCKETS];
	float gravity[3]; /* smoothed; all 0: none yet */
};

static double norm(const float v[3])
{
	return sqrt((double)v[0] * v[0] + (double)v[1] * v[1] + (double)v[2] * v[2]);
}

static double angle_between(const float a[3], const float b[3])
{
	double length = norm(a) * norm(b);
	double dot = (double)a[0] * b[0] + (double)a[1] * b[1] + (double)a[2] * b[2];

	return length > 0 ? acos(fmax(fmin(dot / length, 1), -1)) : 0;
}

/* How far gravity has turned in the sensor's frame. */
static double tipped_rad(struct trial *trial, const float acc_mps2[3])
{
	float before[3], *g = trial->gravity;

	for (unsigned i = 0; i < 3; i++) {
		before[i] = g[i];
		g[i] += GRAVITY_SMOOTH * (acc_mps2[i] - g[i]);
	}
	return angle_between(before, g);
}

static void note_turn(struct trial *trial, double turned_rad)
{
	int64_t number = trial->now_us / BUCKET_US;
	size_t at = (size_t)(number % BUCKETS);

	if (trial->bucket[at].number != number)
		trial->bucket[at].turned_rad = 0;
	trial->bucket[at].number = number;
	trial->bucket[at].turned_rad += turned_rad;
}

static void on_record(void *user, const struct record *record)
{
	struct trial *trial = user;
	const struct motion_block *motion = &record->motion;

	if (record->kind != RECORD_MOTION)
		return;
	for (unsigned i = 0; i < motion->n; i++)
		note_turn(trial, motion->has_gyr ? norm(motion->samples[i].gyr_rps) *
							   motion->interval_us / US_PER_S
						 : tipped_rad(trial, motion->samples[i].acc_mps2));
}

static void on_changed(void *user, unsigned wearable, bool is_state)
{
}

static const struct intake_ops intake_ops = {.record = on_record, .changed = on_changed};

struct trial *trial_new(const struct driver *driver, const struct analysis_conf *analysis)
{
	struct trial *trial = new0(struct trial);

	trial->intake = intake_new(0, driver, analysis, &intake_ops, trial);
	return trial;
}

struct trial *trial_free(struct trial *trial)
{
	if (!trial)
		return NULL;
	intake_free(trial->intake);
	free(trial);
	return NULL;
}

void trial_event(struct trial *trial, const struct capture_event *event)
{
	trial->now_us = event->t_us;
	intake_event(trial->intake, event);
}

void trial_look(struct trial *trial, int64_t now_us, struct trial_figures *ret)
{
	int64_t oldest = (now_us - TRIAL_WINDOW_US) / BUCKET_US;
	double turned_rad = 0;
	struct driver_step step;

	intake_advance(trial->intake, now_us);
	for (size_t i = 0; i < BUCKETS; i++)
		if (trial->bucket[i].number > oldest)
			turned_rad += trial->bucket[i].turned_rad;
	ret->turned_deg = turned_rad * DEG_PER_RAD;
	ret->can_identify = trial_identify(trial, 1, 0, &step) > 0;
	intake_status(trial->intake, now_us, &ret->status);
}

int trial_plan(struct trial *trial, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	return intake_plan(trial->intake, peer, plan, index, ret);
}

int trial_identify(struct trial *trial, unsigned seconds, unsigned index, struct driver_step *ret)
{
	return intake_order(trial->intake, DRIVER_ORDER_IDENTIFY, seconds, index, ret);
}
