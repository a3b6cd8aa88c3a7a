// SPDX-License-Identifier: MIT
#include "tests/core/posture/rep-set.h"

#include <math.h>
#include <stdio.h>

#define KIT                                                                                        \
	((1u << PLACEMENT_PELVIS) | (1u << PLACEMENT_THIGH_LEFT) | (1u << PLACEMENT_THIGH_RIGHT))
#define BOUNDARY_S 0.1
#define LOSS_FEW   0.02

static enum side side_of(unsigned sides)
{
	return sides == 3 ? SIDE_BOTH : sides == 1 ? SIDE_LEFT : SIDE_RIGHT;
}

static void true_boundaries(const struct rep_truth *truth, double ret[REP_SET_ONSETS])
{
	const double *l = truth->onset_s[LEG_LEFT], *r = truth->onset_s[LEG_RIGHT];

	for (unsigned i = 0; i < REP_SET_ONSETS; i++)
		ret[i] = truth->sides == 1 ? l[i] : r[i];
	if (truth->sides != 3)
		return;
	ret[0] = fmin(l[0], r[0]);
	ret[1] = (l[1] + r[1]) / 2;
	ret[2] = fmin(l[2], r[2]);
	ret[3] = fmax(l[3], r[3]);
}

static void found_boundaries(const struct rep_result *r, double ret[REP_SET_ONSETS])
{
	ret[0] = watch_seconds(r->t_start_us);
	ret[1] = ret[0] + r->raise_ms / 1000;
	ret[2] = ret[1] + r->top_ms / 1000;
	ret[3] = watch_seconds(r->t_end_us);
}

/* The detected repetition that is this one: same side, and more than half of it. */
static const struct posture_rep *find(
	const struct watch *watch, const struct rep_truth *truth, bool *taken)
{
	unsigned n = watch->n_reps < WATCH_REPS ? watch->n_reps : WATCH_REPS;
	double want[REP_SET_ONSETS], got[REP_SET_ONSETS];

	true_boundaries(truth, want);
	for (unsigned i = 0; i < n; i++) {
		const struct rep_result *r = &watch->rep[i].result;
		double common;

		found_boundaries(r, got);
		common = fmin(got[3], want[3]) - fmax(got[0], want[0]);
		if (taken[i] || r->side != side_of(truth->sides) ||
			common < 0.5 * (want[3] - want[0]))
			continue;
		taken[i] = true;
		return &watch->rep[i];
	}
	return NULL;
}

/* A boundary within a gap cannot be found to 100 ms. */
static bool is_hidden(const struct rep_set *set, double t_s)
{
	for (unsigned i = 0; i < set->play.n_worn; i++)
		if (t_s > set->play.worn[i].silent_from_s - 0.15 &&
			t_s < set->play.worn[i].silent_to_s + 0.15)
			return true;
	return false;
}

static void greatest(double *worst, double error)
{
	if (fabs(error) > *worst)
		*worst = fabs(error);
}

static void judge_rep(const struct rep_set *set, const struct rep_truth *truth,
	const struct rep_result *r, struct rep_score *score, bool tells)
{
	double want[REP_SET_ONSETS], got[REP_SET_ONSETS];

	true_boundaries(truth, want);
	found_boundaries(r, got);
	for (unsigned i = 0; i < REP_SET_ONSETS; i++) {
		double error_s = got[i] - want[i];

		bool is_lossy = set->loss > LOSS_FEW, is_beyond = fabs(error_s) > BOUNDARY_S;

		if (is_hidden(set, want[i]) || set->kind == REP_SET_TREMBLING ||
			rep_set_is_lone(set))
			continue;
		*(is_lossy ? &score->lossy : &score->boundaries) += 1;
		*(is_lossy ? &score->lossy_beyond : &score->beyond) += is_beyond;
		greatest(&score->worst_s, error_s);
		if (!is_beyond)
			continue;
		if (tells)
			printf("  %s %.0f Hz loss %.2f: boundary %u of rep %u at %.3f, %+.0f ms\n",
				rep_set_kind_name(set->kind), set->rate_hz, set->loss, i, r->rep,
				want[i], error_s * 1000);
	}
	if (set->kind == REP_SET_TREMBLING || rep_set_is_lone(set))
		return;
	greatest(&score->range_deg, r->range_deg - truth->range_deg);
	if (!isnan(truth->asymmetry_deg))
		greatest(&score->asymmetry_deg, r->asymmetry_deg - truth->asymmetry_deg);
	if (set->play.worn[0].silent_to_s > 0 || set->play.worn[1].silent_to_s > 0 ||
		set->play.worn[2].silent_to_s > 0)
		return;
	if (!isnan(truth->sparc))
		greatest(&score->sparc, r->sparc - truth->sparc);
	if (isnan(truth->loss_deg) != isnan(r->theta_loss_deg)) {
		score->loss_wrong++;
		if (tells)
			printf("  %s %.0f Hz: flat back of rep %u: %.1f, truth %.1f\n",
				rep_set_kind_name(set->kind), set->rate_hz, r->rep,
				r->theta_loss_deg, truth->loss_deg);
	} else if (!isnan(truth->loss_deg)) {
		greatest(&score->loss_deg, r->theta_loss_deg - truth->loss_deg);
		if (tells && fabs(r->theta_loss_deg - truth->loss_deg) > 5)
			printf("  %s %.0f Hz loss %.2f: flat back lost in rep %u at %.1f, truth "
			       "%.1f\n",
				rep_set_kind_name(set->kind), set->rate_hz, set->loss, r->rep,
				r->theta_loss_deg, truth->loss_deg);
	}
}

void rep_set_judge(struct rep_set *set, struct rep_score *score, bool tells)
{
	bool taken[WATCH_REPS] = {false};
	struct analysis_conf conf;
	struct watch watch;
	struct kit_posture *posture;
	unsigned missed = 0, matched = 0, counted;
	bool is_uncalibrated;

	analysis_conf_default(&conf);
	watch_init(&watch, &set->play);
	posture = kit_posture_new(&(struct kit_posture_settings){"1", &conf, set->exercise,
					  rep_set_is_lone(set) ? 1u << PLACEMENT_THIGH_LEFT : KIT},
		&watch_ops, &watch);
	kit_posture_session(posture, BODY_START_US, set->exercise);
	body_run(&set->play, posture);
	counted = watch.n_reps < WATCH_REPS ? watch.n_reps : WATCH_REPS;
	for (unsigned i = 0; i < set->n; i++) {
		const struct posture_rep *rep = find(&watch, &set->truth[i], taken);

		if (rep) {
			matched++;
			judge_rep(set, &set->truth[i], &rep->result, score, tells);
		} else {
			missed++;
		}
	}
	score->sets++;
	score->reps += set->n;
	score->missed += missed;
	score->invented += watch.n_reps - matched;
	is_uncalibrated = !rep_set_is_lone(set) && !(watch.calibration.confidence > 0.99);
	score->uncalibrated += is_uncalibrated;
	if (tells && is_uncalibrated)
		for (unsigned i = 0; i < watch.n_results; i++)
			printf("  %.0f Hz loss %.2f: step %d state %d: %s\n", set->rate_hz,
				set->loss, (int)watch.result[i].step, (int)watch.result[i].state,
				watch.result[i].why);
	if (tells && (missed || watch.n_reps != matched)) {
		printf("  %s %.0f Hz loss %.2f silent %.1f-%.1f: %u missed, %u invented of %u\n",
			rep_set_kind_name(set->kind), set->rate_hz, set->loss,
			set->play.worn[1].silent_from_s, set->play.worn[1].silent_to_s, missed,
			watch.n_reps - matched, set->n);
		for (unsigned i = 0; i < counted; i++)
			printf("    found %.2f to %.2f side %d range %.0f%s\n",
				watch_seconds(watch.rep[i].result.t_start_us),
				watch_seconds(watch.rep[i].result.t_end_us),
				(int)watch.rep[i].result.side, watch.rep[i].result.range_deg,
				taken[i] ? "" : " ?");
		for (unsigned i = 0; i < set->n; i++)
			printf("    true  %.2f to %.2f sides %u range %.0f\n",
				set->truth[i].onset_s[set->truth[i].sides == 2][0],
				set->truth[i].onset_s[set->truth[i].sides == 2][3],
				set->truth[i].sides, set->truth[i].range_deg);
	}
	kit_posture_free(posture);
	watch_done(&watch);
}
