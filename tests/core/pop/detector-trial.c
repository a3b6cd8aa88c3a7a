// SPDX-License-Identifier: MIT
#include "tests/core/pop/detector-trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/pop/pop-origin.h"

#define PACKET    77
#define MATCH_MS  50 /* an event so near is that pop's, however badly timed */
#define NOISE_RMS 0.003

struct receiver {
	struct analysis_conf analysis;
	struct trial *trial;
};

static void note(const struct acoustic_event *event, void *user)
{
	struct receiver *receiver = user;
	struct origin_facts facts = {
		.features = &event->features,
		.contact_air_db = NAN,
		.own_shock_g = NAN,
		.foot_shock_g = NAN,
		.elevation_low_deg = NAN,
	};

	if (receiver->trial->n < TRIAL_EVENTS_MAX)
		receiver->trial->event[receiver->trial->n++] =
			(struct trial_event){*event, pop_origin(&receiver->analysis, &facts)};
}

void trial_listen_pcm(const int16_t *pcm, size_t n, double rate_hz, struct trial *ret)
{
	struct receiver receiver = {.trial = ret};
	struct acoustic_detector *d;

	analysis_conf_default(&receiver.analysis);
	ret->n = 0;
	d = acoustic_detector_new(&receiver.analysis, rate_hz);
	for (size_t i = 0; i < n; i += PACKET)
		acoustic_detector_push(d,
			&(struct acoustic_block){llrint((double)i * US_PER_S / rate_hz),
				US_PER_S / rate_hz, 0, pcm + i, n - i < PACKET ? n - i : PACKET},
			note, &receiver);
	acoustic_detector_finish(d, note, &receiver);
	acoustic_detector_free(d);
}

void trial_listen(const struct signal *signal, struct trial *ret)
{
	int16_t *pcm = signal_to_pcm(signal);

	trial_listen_pcm(pcm, signal->n, signal->rate_hz, ret);
	free(pcm);
}

unsigned trial_pops(const struct trial *t)
{
	unsigned n = 0;

	for (unsigned i = 0; i < t->n; i++)
		n += t->event[i].origin == ORIGIN_POP;
	return n;
}

static void score(
	const struct trial *t, double at_s, double spread_s, bool *taken, struct recall *r)
{
	unsigned pops = 0, events = 0;

	for (unsigned i = 0; i < t->n; i++) {
		double error_ms = (double)t->event[i].event.onset_us / US_PER_MS - at_s * 1e3;

		if (error_ms < -MATCH_MS || error_ms > MATCH_MS + spread_s * 1e3 + 200)
			continue;
		taken[i] = true;
		events++;
		if (t->event[i].origin != ORIGIN_POP) {
			r->rejected[t->event[i].origin % 64]++;
			continue;
		}
		if (pops++ == 0 && r->n < sizeof(r->error_ms) / sizeof(r->error_ms[0]))
			r->error_ms[r->n++] = error_ms;
	}
	r->wanted++;
	r->found += pops > 0;
	r->split += pops > 1;
	r->heard += events > 0;
}

void recall_measure(const struct recall_plan *plan, struct recall *r)
{
	struct sound_rng rng = {plan->seed};
	unsigned seconds = plan->seconds;
	struct signal s = signal_new(plan->rate_hz, seconds + 3);
	struct trial *t = calloc(1, sizeof(*t));
	double *at = calloc(seconds, sizeof(*at)), *spread = calloc(seconds, sizeof(*spread));
	bool *taken = calloc(TRIAL_EVENTS_MAX, sizeof(*taken));

	for (unsigned i = 0; i < seconds; i++) {
		unsigned n = plan->pulses                ? plan->pulses
			     : sound_uniform(&rng) < 0.5 ? 1
							 : 2 + i % 8;
		struct synthetic_pop pop = pop_draw(&rng, n);

		at[i] = 2 + i + sound_uniform(&rng) * 0.3;
		spread[i] = pop.spread_s;
		pop_add(&s, &pop, at[i], plan->snr_db, NOISE_RMS);
	}
	noise_add(&s, &rng, plan->colour, NOISE_RMS);
	poor_spoil(&s, &rng, plan->poor);
	trial_listen(&s, t);
	for (unsigned i = 0; i < seconds; i++)
		score(t, at[i], spread[i], taken, r);
	for (unsigned i = 0; i < t->n; i++)
		r->stray += !taken[i] && t->event[i].origin == ORIGIN_POP;
	free(taken);
	free(spread);
	free(at);
	free(t);
	signal_done(&s);
}

static int by_size(const void *a, const void *b)
{
	double x = fabs(*(const double *)a), y = fabs(*(const double *)b);

	return (x > y) - (x < y);
}

double recall_error_ms(struct recall *r, double share)
{
	size_t at = (size_t)(share * r->n);

	if (r->n == 0)
		return NAN;
	qsort(r->error_ms, r->n, sizeof(r->error_ms[0]), by_size);
	return fabs(r->error_ms[at < r->n ? at : r->n - 1]);
}

double trial_distractor(
	struct signal *s, struct sound_rng *rng, double at_s, double peak, void *user)
{
	return distractor_add(s, rng, *(const enum distractor *)user, at_s, peak);
}

unsigned false_measure(double rate_hz, trial_sound_fn add, void *user, unsigned seconds,
	uint64_t seed, struct trial *t)
{
	struct sound_rng rng = {seed};
	struct signal s = signal_new(rate_hz, seconds);
	double at = 1;

	noise_add(&s, &rng, seed % NOISE_COLOUR_COUNT, pow(10, sound_between(&rng, -66, -50) / 20));
	while (at < seconds - 1) {
		double peak = pow(10, sound_between(&rng, -32, -5) / 20);

		at += add(&s, &rng, at, peak, user);
		at += sound_between(&rng, 0.2, 1.2);
	}
	trial_listen(&s, t);
	signal_done(&s);
	return trial_pops(t);
}
