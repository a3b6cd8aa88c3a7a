// SPDX-License-Identifier: MIT
/* Pops in the sound of poor microphones, and many clicks in one swing of a joint that creaks.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "coxad/base/units.h"
#include "daemon/core/pop/pop-origin.h"
#include "tests/core/pop/detector-trial.h"

#define SECONDS   40
#define SNR_DB    24 /* before it is spoilt */
#define SWINGS    20
#define SWING_S   1.5
#define NEAR_S    0.010
#define NOISE_RMS 0.003
#define CLICKS    10

/* No pop twice, and none where there is nothing. An automatic gain halves some. */
static void a_poor_microphone_hears_pops_too(void **state)
{
	static const double rates[] = {4000, 8000, 16000};

	for (size_t i = 0; i < 3; i++)
		for (enum poor poor = 0; poor < POOR_COUNT; poor++) {
			struct recall *r = calloc(1, sizeof(*r));

			for (unsigned c = 0; c < NOISE_COLOUR_COUNT; c++)
				recall_measure(&(struct recall_plan){rates[i], SNR_DB, c, 0,
						       SECONDS, 21 + i, poor},
					r);
			print_message("%.0f Hz, %s: %u of %u, onset within %.2f ms, %u split, %u "
				      "stray\n",
				rates[i], poor_name(poor), r->found, r->wanted,
				recall_error_ms(r, 0.95), r->split, r->stray);
			assert_true(
				r->found >= (poor == POOR_GAIN_STEPS ? 0.85 : 0.95) * r->wanted);
			assert_true(recall_error_ms(r, 0.9) <= 5);
			assert_true(r->stray <= 1);
			free(r);
		}
}

/* Ten minutes of noise and hum alone. */
static void hum_is_no_pop(void **state)
{
	struct signal s = signal_new(8000, 600);
	struct trial *t = calloc(1, sizeof(*t));
	struct sound_rng rng = {3};

	noise_add(&s, &rng, NOISE_PINK, NOISE_RMS);
	poor_spoil(&s, &rng, POOR_HUM_50);
	trial_listen(&s, t);
	assert_int_equal(trial_pops(t), 0);
	free(t);
	signal_done(&s);
}

/* A creak: noise that swells for the swing, with the grain of a joint. */
static void creak_add(struct signal *s, struct sound_rng *rng, double at_s, double rms)
{
	size_t from = (size_t)(at_s * s->rate_hz), n = (size_t)(SWING_S * s->rate_hz);

	for (size_t i = 0; i < n && from + i < s->n; i++) {
		double t = (double)i / (double)n;

		s->x[from + i] += (float)(rms * sound_gauss(rng) * sin(M_PI * t) *
					  (0.7 + 0.5 * sin(2 * M_PI * 21 * t)));
	}
}

static void swings_make(
	struct signal *s, struct sound_rng *rng, unsigned clicks, double creak_rms, double *ret_at)
{
	for (unsigned i = 0; i < SWINGS; i++) {
		double start = 3 + 4.5 * i;

		if (creak_rms > 0)
			creak_add(s, rng, start, creak_rms);
		for (unsigned k = 0; k < clicks; k++) {
			struct synthetic_pop click = pop_draw(rng, 1);
			double at = start + SWING_S * (k + 0.6 * sound_uniform(rng)) / clicks;

			pop_add(s, &click, at, sound_between(rng, 22, 32) + (creak_rms > 0 ? 6 : 0),
				NOISE_RMS);
			*ret_at++ = at;
		}
	}
	noise_add(s, rng, NOISE_PINK, NOISE_RMS);
}

static bool is_click_at(const struct trial *t, double at_s)
{
	for (unsigned i = 0; i < t->n; i++)
		if (fabs((double)t->event[i].event.onset_us / US_PER_S - at_s) <= NEAR_S &&
			t->event[i].origin == ORIGIN_POP)
			return true;
	return false;
}

static void each_click_of_a_swing_is_found(void **state)
{
	static const double rates[] = {4000, 8000, 16000};

	for (unsigned i = 0; i < 3 * 2 * 4; i++) {
		unsigned clicks = 2 + 2 * (i % 4), found = 0;
		double rate_hz = rates[i / 8], creak = i / 4 % 2 ? 2.5 * NOISE_RMS : 0;
		struct signal s = signal_new(rate_hz, 3 + 4.5 * SWINGS);
		struct trial *t = calloc(1, sizeof(*t));
		struct sound_rng rng = {i + 5};
		double at[SWINGS * CLICKS];

		swings_make(&s, &rng, clicks, creak, at);
		trial_listen(&s, t);
		for (unsigned k = 0; k < SWINGS * clicks; k++)
			found += is_click_at(t, at[k]);
		print_message("%.0f Hz, %s: %u of %u clicks, %u a swing; %u events are pops\n",
			rate_hz, creak > 0 ? "a creak" : "quiet", found, SWINGS * clicks, clicks,
			trial_pops(t));
		assert_true(found >= 0.8 * SWINGS * clicks);
		assert_true(trial_pops(t) <= found + 2);
		free(t);
		signal_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_poor_microphone_hears_pops_too),
		cmocka_unit_test(hum_is_no_pop),
		cmocka_unit_test(each_click_of_a_swing_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
