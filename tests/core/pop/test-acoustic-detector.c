// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/core/pop/acoustic-detector.h"

#define EVENTS_MAX 64

struct heard {
	unsigned n;
	struct acoustic_event event[EVENTS_MAX];
};

static uint64_t seed = 1;

static double uniform(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static double gauss(void)
{
	return sqrt(-2 * log(uniform() + 1e-12)) * cos(2 * M_PI * uniform());
}

static void note(const struct acoustic_event *event, void *user)
{
	struct heard *heard = user;

	assert_true(heard->n < EVENTS_MAX);
	heard->event[heard->n++] = *event;
}

/* White noise with a standard deviation of `noise`, full scale 1. */
static int16_t *make_noise(double rate, double seconds, double noise)
{
	size_t n = (size_t)(rate * seconds);
	int16_t *x = calloc(n, sizeof(*x));

	for (size_t i = 0; i < n; i++)
		x[i] = (int16_t)(gauss() * noise * 32767);
	return x;
}

/* A damped tone that rises in a millisecond: what a pop looks like behind skin. */
static void add_pop(int16_t *x, double rate, double at_s, double peak, double hz, double decay_ms)
{
	size_t from = (size_t)(at_s * rate), n = (size_t)(rate * 0.1);

	for (size_t i = 0; i < n; i++) {
		double t = (double)i / rate;
		double v = peak * (1 - exp(-t / 0.0005)) * exp(-t * 1000 / decay_ms) *
			   sin(2 * M_PI * hz * t);

		x[from + i] = (int16_t)fmax(-32768, fmin(32767, x[from + i] + v * 32767));
	}
}

/* In packets of an odd length, so that hops and packets do not fall together. */
static void play(struct acoustic_detector *d, const int16_t *x, double rate, double seconds,
	int64_t t0, struct heard *heard)
{
	size_t n = (size_t)(rate * seconds), step = 77;

	for (size_t i = 0; i < n; i += step) {
		size_t k = n - i < step ? n - i : step;

		acoustic_detector_push(d,
			&(struct acoustic_block){
				t0 + (int64_t)((double)i * 1e6 / rate), 1e6 / rate, 0, x + i, k},
			note, heard);
	}
}

static struct acoustic_detector *make(double rate)
{
	struct analysis_conf analysis;

	analysis_conf_default(&analysis);
	return acoustic_detector_new(&analysis, rate);
}

static const double rates[] = {4000, 8000, 16000, 44100, 48000};

static void a_pop_is_found_at_its_onset_at_every_rate(void **state)
{
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct acoustic_detector *d = make(rates[i]);
		struct heard heard = {0};
		int16_t *x = make_noise(rates[i], 5, 0.002);

		add_pop(x, rates[i], 3.0, 0.15, 400, 6);
		play(d, x, rates[i], 5, 1000000, &heard);
		assert_int_equal(heard.n, 1);
		assert_in_range(heard.event[0].onset_us, 3998000, 4005000);
		assert_true(heard.event[0].features.rise_ms <= 5);
		assert_true(heard.event[0].features.t10_ms <= 40);
		assert_true(heard.event[0].features.kurtosis >= 10);
		assert_true(heard.event[0].features.centroid_hz > 200 &&
			    heard.event[0].features.centroid_hz < 900);
		assert_int_equal(heard.event[0].features.sub_pulses, 1);
		acoustic_detector_free(d);
		free(x);
	}
}

static void noise_alone_is_no_event(void **state)
{
	struct acoustic_detector *d = make(8000);
	struct heard heard = {0};
	int16_t *x = make_noise(8000, 60, 0.01);

	play(d, x, 8000, 60, 0, &heard);
	assert_int_equal(heard.n, 0);
	acoustic_detector_free(d);
	free(x);
}

static void pulses_close_together_are_one_event_with_a_count(void **state)
{
	struct acoustic_detector *d = make(8000);
	struct heard heard = {0};
	int16_t *x = make_noise(8000, 5, 0.001);

	for (int i = 0; i < 3; i++)
		add_pop(x, 8000, 3 + 0.04 * i, 0.2, 500, 4);
	play(d, x, 8000, 5, 0, &heard);
	assert_int_equal(heard.n, 1);
	assert_int_equal(heard.event[0].features.sub_pulses, 3);
	acoustic_detector_free(d);
	free(x);
}

static void a_loud_train_leaves_quiet_behind(void **state)
{
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct acoustic_detector *d = make(rates[i]);
		struct heard heard = {0};
		int16_t *x = make_noise(rates[i], 5, 0.002);

		for (int k = 0; k < 5; k++)
			add_pop(x, rates[i], 3 + 0.0365 * k, 0.6, 500, 4);
		play(d, x, rates[i], 5, 0, &heard);
		assert_int_equal(heard.n, 1);
		if (!(heard.event[0].features.shape.after_db < 3))
			fail_msg("%.0f Hz: %.1f dB", rates[i],
				(double)heard.event[0].features.shape.after_db);
		acoustic_detector_free(d);
		free(x);
	}
}

static void two_pops_apart_are_two_events(void **state)
{
	struct acoustic_detector *d = make(8000);
	struct heard heard = {0};
	int16_t *x = make_noise(8000, 6, 0.001);

	add_pop(x, 8000, 3, 0.2, 300, 6);
	add_pop(x, 8000, 3.6, 0.2, 300, 6);
	play(d, x, 8000, 6, 0, &heard);
	assert_int_equal(heard.n, 2);
	acoustic_detector_free(d);
	free(x);
}

static void a_gap_neither_hides_nor_invents(void **state)
{
	struct acoustic_detector *d = make(8000);
	struct heard heard = {0};
	int16_t *x = make_noise(8000, 6, 0.001);

	play(d, x, 8000, 3, 0, &heard);
	/* Half a second of sound never came. */
	play(d, x + 8000 * 3, 8000, 1, 3500000, &heard);
	assert_int_equal(heard.n, 0);
	add_pop(x + 8000 * 4, 8000, 0.5, 0.2, 300, 6);
	play(d, x + 8000 * 4, 8000, 2, 4500000, &heard);
	assert_int_equal(heard.n, 1);
	assert_in_range(heard.event[0].onset_us, 4998000, 5005000);
	acoustic_detector_free(d);
	free(x);
}

/* Five loud seconds raise the floor; what they were is no background half a second later. */
static void a_pop_soon_after_a_loud_stretch_is_heard(void **state)
{
	struct acoustic_detector *d = make(8000);
	struct heard heard = {0};
	int16_t *x = make_noise(8000, 9, 0.001), *loud = make_noise(8000, 5, 0.05);

	for (size_t i = 0; i < 8000 * 5; i++)
		x[8000 * 2 + i] = loud[i];
	add_pop(x, 8000, 7.6, 0.05, 300, 6);
	play(d, x, 8000, 9, 0, &heard);
	assert_int_equal(heard.n, 2); /* where the noise began, and the pop */
	assert_in_range(heard.event[1].onset_us, 7598000, 7605000);
	assert_true(heard.event[1].features.background_dbfs < -55);
	acoustic_detector_free(d);
	free(loud);
	free(x);
}

/* A joint that creaks from 2 s on. It swells and fades twice a second. */
static void add_creaking(int16_t *x, double rate, double seconds, double level)
{
	double low = 0;

	for (size_t i = (size_t)(2 * rate); i < (size_t)(seconds * rate); i++) {
		double swing = 0.6 + 0.4 * sin(4 * M_PI * (double)i / rate);

		low += (gauss() - low) * fmin(1, 2 * M_PI * 300 / rate);
		x[i] = (int16_t)(x[i] + level * swing * low * 32767);
	}
}

static const struct acoustic_event *event_near(const struct heard *heard, int64_t t_us)
{
	for (unsigned i = 0; i < heard->n; i++)
		if (llabs(heard->event[i].onset_us - t_us) <= 5000)
			return &heard->event[i];
	return NULL;
}

static void a_click_in_creaking_is_an_event_of_its_own(void **state)
{
	static const double at_s[] = {2.31, 3.0, 3.17, 4.02, 4.44};

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct acoustic_detector *d = make(rates[i]);
		struct heard heard = {0};
		int16_t *x = make_noise(rates[i], 6, 0.0005);
		unsigned clicks = 0;

		add_creaking(x, rates[i], 6, 0.04);
		for (size_t k = 0; k < 5; k++)
			add_pop(x, rates[i], at_s[k], 0.6, 180 + 40 * (double)k, 3);
		play(d, x, rates[i], 6, 0, &heard);
		for (size_t k = 0; k < 5; k++) {
			const struct acoustic_event *e =
				event_near(&heard, (int64_t)(at_s[k] * 1e6));

			if (!e)
				fail_msg("%.0f Hz: no click at %.2f s", rates[i], at_s[k]);
			assert_true(e->features.shape.busy_share < 0.1f);
			clicks += e->features.is_within;
		}
		/* The floor has learnt the creaking by the last ones. */
		assert_in_range(clicks, 3, 5);
		acoustic_detector_free(d);
		free(x);
	}
}

/* A cheap sound card: a third of full scale beside zero, and hum of the mains. */
static void an_offset_and_hum_hide_no_pop(void **state)
{
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct acoustic_detector *d = make(rates[i]);
		struct heard heard = {0};
		int16_t *x = make_noise(rates[i], 5, 0.001);

		add_pop(x, rates[i], 3.0, 0.3, 400, 6);
		for (size_t k = 0; k < (size_t)(5 * rates[i]); k++) {
			double t = (double)k / rates[i];

			x[k] = (int16_t)(x[k] + 10900 + 650 * sin(2 * M_PI * 50 * t) +
					 200 * sin(2 * M_PI * 150 * t));
		}
		play(d, x, rates[i], 5, 0, &heard);
		assert_int_equal(heard.n, 1);
		assert_in_range(heard.event[0].onset_us, 2998000, 3005000);
		acoustic_detector_free(d);
		free(x);
	}
}

static void recall_at_18_db(void **state)
{
	unsigned found = 0, wanted = 0;

	for (unsigned run = 0; run < 10; run++) {
		struct acoustic_detector *d = make(8000);
		struct heard heard = {0};
		int16_t *x = make_noise(8000, 24, 0.01);

		for (unsigned i = 0; i < 20; i++) {
			/* The loudest half millisecond about 18 dB above the noise. */
			add_pop(x, 8000, 3 + i + uniform() * 0.2, 0.01 * 7.94 * 1.8,
				200 + 800 * uniform(), 4 + 6 * uniform());
			wanted++;
		}
		play(d, x, 8000, 24, 0, &heard);
		found += heard.n;
		acoustic_detector_free(d);
		free(x);
	}
	print_message("found %u of %u\n", found, wanted);
	assert_true(found >= 0.95 * wanted && found <= wanted);
}

/* Pitch pulses of 140 Hz, loud for 0.35 s with the swell of syllables; faded at both ends. */
static void add_voice(int16_t *x, double rate, double at_s, double peak)
{
	size_t from = (size_t)(at_s * rate), n = (size_t)(rate * 0.35);

	for (size_t i = 0; i < n; i++) {
		double t = (double)i / rate, end = (double)(n - i) / rate, v = 0;

		for (unsigned k = 1; k <= 8; k++)
			v += sin(2 * M_PI * 140 * k * t + k * k) / k;
		v *= peak / 2 * (1 + 0.4 * sin(25 * t)) * fmin(1, t / 0.02) * fmin(1, end / 0.02);
		x[from + i] = (int16_t)(x[from + i] + v * 32767);
	}
}

static void a_voice_is_one_long_event(void **state)
{
	for (unsigned trial = 0; trial < 20; trial++) {
		struct acoustic_detector *d = make(8000);
		struct heard heard = {0};
		int16_t *x = make_noise(8000, 4, 0.001);

		add_voice(x, 8000, 3.0, 0.02 + 0.01 * trial);
		play(d, x, 8000, 4, 1000000, &heard);
		assert_int_equal(heard.n, 1);
		assert_true(heard.event[0].features.t10_ms > 80);
		acoustic_detector_free(d);
		free(x);
	}
}

static void the_peak_of_a_stretch_is_known_for_a_second(void **state)
{
	struct acoustic_detector *d = make(8000);
	struct heard heard = {0};
	int16_t *x = make_noise(8000, 4, 0.001);

	add_pop(x, 8000, 3.5, 0.2, 300, 6);
	play(d, x, 8000, 4, 0, &heard);
	assert_true(acoustic_detector_peak_dbfs(d, 3490000, 3520000) >
		    acoustic_detector_peak_dbfs(d, 3300000, 3400000) + 20);
	assert_true(isnan(acoustic_detector_peak_dbfs(d, 1000000, 1100000)));
	assert_true(isnan(acoustic_detector_peak_dbfs(d, 3990000, 4100000)));
	acoustic_detector_free(d);
	free(x);
}

static void a_rate_out_of_range_is_refused(void **state)
{
	assert_null(make(3999));
	assert_null(make(48001));
	assert_null(make(NAN));
}

int main(int argc, char **argv)
{
	const char *wanted = getenv("COXAD_TEST_SEED");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pop_is_found_at_its_onset_at_every_rate),
		cmocka_unit_test(noise_alone_is_no_event),
		cmocka_unit_test(pulses_close_together_are_one_event_with_a_count),
		cmocka_unit_test(a_loud_train_leaves_quiet_behind),
		cmocka_unit_test(two_pops_apart_are_two_events),
		cmocka_unit_test(a_gap_neither_hides_nor_invents),
		cmocka_unit_test(a_pop_soon_after_a_loud_stretch_is_heard),
		cmocka_unit_test(a_click_in_creaking_is_an_event_of_its_own),
		cmocka_unit_test(an_offset_and_hum_hide_no_pop),
		cmocka_unit_test(recall_at_18_db),
		cmocka_unit_test(a_voice_is_one_long_event),
		cmocka_unit_test(the_peak_of_a_stretch_is_known_for_a_second),
		cmocka_unit_test(a_rate_out_of_range_is_refused),
	};

	if (wanted)
		seed = strtoull(wanted, NULL, 10);
	printf("seed %llu\n", (unsigned long long)seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
