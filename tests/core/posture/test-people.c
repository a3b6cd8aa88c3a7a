// SPDX-License-Identifier: MIT
/* Repetitions as people do them, not calibrated: small and large, unevenly, not back to where they
 * began, with holds that sink, tremor, and a leg that has rolled in between; and people who take a
 * few steps. A leg alone, with a pelvis sensor, and with the other leg at rest: each found, none
 * invented.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "tests/core/posture/watch.h"

#define SETS     12
#define REPS_MAX 24

struct people {
	uint64_t seed;
	struct body body;
	struct body_play play;
	double rate_hz, t_s;
	unsigned n;
	double from_s[REPS_MAX], to_s[REPS_MAX];
};

enum kit { LEG_ALONE, PELVIS_AND_LEG, PELVIS_AND_LEGS, KITS };

static double between(struct people *p, double low, double high)
{
	return low + (high - low) * body_random(&p->seed);
}

static void open_people(struct people *p, enum kit kit, uint64_t seed)
{
	static const double rates[] = {20.8, 25, 52, 104};
	struct quat mount[3];

	memset(p, 0, sizeof(*p));
	p->seed = p->play.seed = seed * 7919 + kit;
	for (unsigned i = 0; i < 3; i++)
		mount[i] = body_random_quat(&p->seed);
	p->rate_hz = rates[(unsigned)(between(p, 0, 4)) % 4];
	body_wear(&p->play, &p->body, mount, p->rate_hz);
	if (kit == LEG_ALONE)
		p->play.worn[0] = p->play.worn[1];
	p->play.n_worn = kit + 1;
}

static unsigned mask_of(enum kit kit)
{
	return (1u << PLACEMENT_THIGH_LEFT) | (kit > LEG_ALONE ? 1u << PLACEMENT_PELVIS : 0) |
	       (kit > PELVIS_AND_LEG ? 1u << PLACEMENT_THIGH_RIGHT : 0);
}

/* One raise to about `range_deg` above where the leg is, and some of the way back. */
static void raise(struct people *p, double range_deg, double rest_deg)
{
	struct body_track *leg = &p->body.elevation_deg[LEG_LEFT];
	double top_deg = body_at(leg, p->t_s) + range_deg;
	double up_s = fmax(range_deg / between(p, 8, 60), 0.5);
	double down_s = fmax(range_deg / between(p, 8, 60), 0.5);

	p->from_s[p->n] = p->t_s;
	body_move(leg, p->t_s, up_s, top_deg);
	p->t_s += up_s;
	if (between(p, 0, 1) < 0.6) { /* held, and sinking */
		double hold_s = between(p, 0.5, 4);

		top_deg -= between(p, 0, 0.12) * range_deg;
		body_move_evenly(leg, p->t_s, hold_s, top_deg);
		p->t_s += hold_s;
	}
	if (between(p, 0, 1) < 0.25) { /* a halt on the way down */
		double halt_deg = rest_deg + between(p, 0.45, 0.7) * (top_deg - rest_deg);

		body_move(leg, p->t_s, down_s / 2, halt_deg);
		p->t_s += down_s / 2 + between(p, 0.3, 1.2);
	}
	body_move(leg, p->t_s, down_s, rest_deg);
	p->t_s += down_s;
	p->to_s[p->n++] = p->t_s;
	p->t_s += between(p, 0.3, 2.5);
}

static void lay_sets(struct people *p)
{
	double home_deg = 0;

	p->body.tremor_hz = between(p, 4, 9);
	/* What a muscle can do: the faster the smaller. */
	p->body.tremor_deg = between(p, 0, 1) * pow(4 / p->body.tremor_hz, 2);
	p->t_s = between(p, 1.5, 4);
	for (unsigned set = 0; set < 3; set++) {
		double usual_deg = set == 0 ? between(p, 8, 90) : between(p, 8, 60);

		for (unsigned i = 0; i < 6; i++) {
			double range_deg = usual_deg * between(p, 0.75, 1.25);

			/* Not quite back to where it began. */
			raise(p, range_deg, home_deg + between(p, 0, 0.2) * usual_deg);
		}
		home_deg = 0;
		body_move(&p->body.elevation_deg[LEG_LEFT], p->t_s, 1.5, home_deg);
		p->t_s += 3;
		/* The leg rolls, so that the sensor turns in another plane. */
		body_move(&p->body.lean_deg, p->t_s, 1.5, between(p, -30, 30));
		p->t_s += between(p, 12, 20);
	}
	p->play.to_s = p->t_s;
}

static void walk_a_little(struct people *p)
{
	unsigned walks = 3 + (unsigned)between(p, 0, 4);

	body_move(&p->body.trunk_deg, -1, 0.5, 90);
	for (unsigned side = 0; side < LEGS; side++)
		body_move(&p->body.elevation_deg[side], -1, 0.5, -90);
	p->t_s = between(p, 2, 5);
	for (unsigned walk = 0; walk < walks; walk++) {
		unsigned strides = 1 + (unsigned)between(p, 0, 5), first = between(p, 0, 1) < 0.5;
		double step_s = between(p, 0.45, 0.65), forth = between(p, 18, 28);
		double back = between(p, 10, 18), t_s = p->t_s;

		p->body.step_s = step_s;
		p->body.bounce_mps2 = between(p, 1.5, 4);
		p->body.strike_mps2 = between(p, 2, 8);
		if (walk == 0)
			p->body.walk_from_s = t_s;
		for (unsigned i = 0; i < strides; i++, t_s += 2 * step_s)
			for (unsigned side = 0; side < LEGS; side++) {
				struct body_track *leg = &p->body.elevation_deg[side];
				double at_s = t_s + step_s * (side != first);

				body_move(leg, at_s, step_s, -90 + forth);
				body_move(leg, at_s + step_s, step_s, -90 - back);
			}
		p->body.walk_to_s = t_s + step_s;
		for (unsigned side = 0; side < LEGS; side++)
			body_move(&p->body.elevation_deg[side], t_s + step_s, 0.6, -90);
		p->t_s = t_s + step_s + between(p, 2, 12);
	}
	p->play.to_s = p->t_s;
}

static void play(
	struct people *p, enum kit kit, unsigned seed, unsigned *missed, unsigned *invented)
{
	bool taken[WATCH_REPS] = {false};
	struct analysis_conf conf;
	struct watch watch;
	struct kit_posture *posture;
	unsigned found = 0;

	analysis_conf_default(&conf);
	watch_init(&watch, &p->play);
	posture = kit_posture_new(
		&(struct kit_posture_settings){"1", &conf, EXERCISE_SINGLE, mask_of(kit)},
		&watch_ops, &watch);
	body_run(&p->play, posture);
	for (unsigned i = 0; i < p->n; i++) {
		unsigned before = found;

		for (unsigned r = 0; r < watch.n_reps && r < WATCH_REPS && found == before; r++) {
			double from_s = watch_seconds(watch.rep[r].result.t_start_us);
			double to_s = watch_seconds(watch.rep[r].result.t_end_us);

			if (taken[r] || fmin(to_s, p->to_s[i]) - fmax(from_s, p->from_s[i]) <
						0.5 * (p->to_s[i] - p->from_s[i]))
				continue;
			taken[r] = true;
			found++;
		}
		if (found == before)
			printf("  kit %u, seed %u, %.1f Hz: %.1f to %.1f missed, to %.0f deg\n",
				(unsigned)kit, seed, p->rate_hz, p->from_s[i], p->to_s[i],
				body_at(&p->body.elevation_deg[LEG_LEFT],
					(p->from_s[i] + p->to_s[i]) / 2));
	}
	for (unsigned r = 0; r < watch.n_reps && r < WATCH_REPS; r++)
		if (!taken[r])
			printf("  kit %u, seed %u, %.1f Hz: %.1f to %.1f invented, %.0f deg\n",
				(unsigned)kit, seed, p->rate_hz,
				watch_seconds(watch.rep[r].result.t_start_us),
				watch_seconds(watch.rep[r].result.t_end_us),
				watch.rep[r].result.range_deg);
	*missed += p->n - found;
	*invented += watch.n_reps - found;
	kit_posture_free(posture);
	watch_done(&watch);
}

static void judge(void (*lay)(struct people *), double share)
{
	static struct people people;
	unsigned missed = 0, invented = 0, n = 0;

	for (unsigned kit = 0; kit < KITS; kit++)
		for (unsigned seed = 1; seed <= SETS; seed++) {
			open_people(&people, (enum kit)kit, seed);
			lay(&people);
			play(&people, (enum kit)kit, seed, &missed, &invented);
			n += people.n;
		}
	printf("%u of %u missed, %u invented\n", missed, n, invented);
	assert_true(missed <= share * n);
	assert_true(invented <= share * n);
}

static void each_repetition_of_people_counts(void **state)
{
	judge(lay_sets, 0.01);
}

static void a_few_steps_are_none(void **state)
{
	judge(walk_a_little, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_repetition_of_people_counts),
		cmocka_unit_test(a_few_steps_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
