// SPDX-License-Identifier: MIT
/* bench-recall [SECONDS] [--noise SECONDS] [--seed N] [--rate HZ] [--events]: how many synthetic
 * joint pops the detector and the origin gate find in noise, when, and how often they take
 * something else for one, by sound alone. Against decision-model.md 9: recall >= 0.95 at 18 dB,
 * onset within 5 ms, at most one false event in 10 minutes. An event is false where the gate calls
 * it a pop. SNR: the loudest 2 ms of the pop's first pulse train against the noise's mean square,
 * both in the detector's band of 50 Hz to 2 kHz. SECONDS: of each row of pops; --noise: of each
 * kind of other sounds at each rate, 3600 for a rate that means something; --events: each false
 * event with its features. Voices and tunes come from espeak-ng and sox, where these are installed.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/core/terms.h"
#include "daemon/core/pop/pop-origin.h"
#include "tests/core/pop/borrowed-sound.h"
#include "tests/core/pop/detector-trial.h"

#define RECALL_LEAST  0.95
#define ONSET_MOST_MS 5.0
#define FALSE_MOST    1.0 /* in 10 minutes */
#define FIGURE_SNR_DB 18
#define PART_S        300 /* noise is made anew after so long, with another background */

static const double rates[] = {4000, 8000, 16000, 44100, 48000};
static const char *const colour_name[] = {"white", "pink", "gym"};
static unsigned missed;

struct options {
	unsigned seconds, noise_s;
	uint64_t seed;
	double rate_hz; /* 0: all of them */
	bool wants_events;
};

static const char *verdict(bool is_good)
{
	missed += !is_good;
	return is_good ? "ok" : "MISSED";
}

static void recall_row(const struct options *o, double rate_hz, double snr_db,
	enum noise_colour colour, unsigned pulses)
{
	struct recall *r = calloc(1, sizeof(*r));
	double share, p95;

	recall_measure(&(struct recall_plan){rate_hz, snr_db, colour, pulses, o->seconds,
			       o->seed + 7 + (uint64_t)rate_hz, POOR_NOTHING},
		r);
	share = (double)r->found / r->wanted;
	p95 = recall_error_ms(r, 0.95);
	printf("%6.0f %4.0f %-5s %6u %6.3f %6.3f %6.2f %6.2f %6.2f %5u %5u  %s", rate_hz, snr_db,
		colour_name[colour], pulses, (double)r->heard / r->wanted, share,
		recall_error_ms(r, 0.5), p95, recall_error_ms(r, 1), r->split, r->stray,
		snr_db == FIGURE_SNR_DB ? verdict(share >= RECALL_LEAST && p95 <= ONSET_MOST_MS)
					: "");
	for (unsigned i = 0; i < 64; i++)
		if (r->rejected[i])
			printf(" %s=%u", code_to_string((enum code)i), r->rejected[i]);
	printf("\n");
	free(r);
}

static bool is_wanted(const struct options *o, double rate_hz)
{
	return o->rate_hz == 0 || o->rate_hz == rate_hz;
}

static void recall_table(const struct options *o)
{
	static const double snr[] = {12, 15, 18, 24};

	printf("recall of synthetic pops\n  rate  snr noise pulses  heard recall  e50ms  e95ms  max"
	       "  split stray\n");
	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		if (!is_wanted(o, rates[i]))
			continue;
		for (unsigned k = 0; k < sizeof(snr) / sizeof(snr[0]); k++)
			for (unsigned c = 0; c < NOISE_COLOUR_COUNT; c++)
				recall_row(o, rates[i], snr[k], c, 0);
	}
	for (unsigned n = 1; n <= POP_PULSES_MAX; n++)
		recall_row(o, o->rate_hz > 0 ? o->rate_hz : 8000, FIGURE_SNR_DB, NOISE_PINK, n);
}

static double borrowed(
	struct signal *s, struct sound_rng *rng, double at_s, double peak, void *user)
{
	return lender_add(s, rng, *(const enum lender *)user, at_s, peak);
}

static void show(const char *what, const struct trial *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct pop_features *f = &t->event[i].event.features;

		if (t->event[i].origin != ORIGIN_POP)
			continue;
		printf("\n    %s at %.3f s: snr %.1f rise %.1f t10 %.1f centroid %.0f peak %.0f "
		       "kurtosis %.1f of the pulse %.1f hf %.2f lf %.2f pulses %u flatness %.2f "
		       "span %.1f sag %.1f harmonicity %.2f lead %.1f bend %.1f before %.1f after "
		       "%.1f",
			what, (double)t->event[i].event.onset_us / 1e6,
			f->peak_dbfs - f->background_dbfs, f->rise_ms, f->t10_ms, f->centroid_hz,
			f->shape.peak_hz, f->kurtosis, f->shape.pulse_kurtosis, f->hf_ratio,
			f->lf_ratio, f->sub_pulses, f->flatness, f->shape.span_ms, f->shape.sag_db,
			f->shape.harmonicity, f->shape.lead_db, f->shape.bend_db,
			f->shape.before_db, f->shape.after_db);
	}
}

/* Pops heard in 10 minutes of one kind. */
static double false_cell(const struct options *o, double rate_hz, const char *name,
	trial_sound_fn add, void *user, uint64_t seed)
{
	struct trial *t = calloc(1, sizeof(*t));
	unsigned pops = 0, events = 0, done;

	for (done = 0; done < o->noise_s; done += PART_S) {
		unsigned part_s = o->noise_s - done < PART_S ? o->noise_s - done : PART_S;

		pops += false_measure(
			rate_hz, add, user, part_s, o->seed + seed + 1000 * (done / PART_S), t);
		events += t->n;
		if (o->wants_events)
			show(name, t);
	}
	printf(" %6.1f/%3.0f", pops * 600.0 / o->noise_s, events * 600.0 / o->noise_s);
	fflush(stdout);
	free(t);
	return pops * 600.0 / o->noise_s;
}

static void false_row(const struct options *o, double rate_hz)
{
	double sum = 0;
	unsigned n = 0;

	printf("%6.0f", rate_hz);
	for (enum distractor k = 0; k < DISTRACTOR_COUNT; k++, n++)
		sum += false_cell(o, rate_hz, distractor_name(k), trial_distractor, &k, 100 + k);
	for (enum lender k = 0; k < LENDER_COUNT; k++) {
		if (!lender_is_installed(k))
			continue;
		sum += false_cell(o, rate_hz, lender_name(k), borrowed, &k, 200 + k);
		n++;
	}
	printf(" %10.2f  %s\n", sum / n, verdict(sum / n <= FALSE_MOST));
}

static void false_table(const struct options *o)
{
	printf("\nfalse events by sound alone, in 10 minutes\n  rate");
	for (unsigned k = 0; k < DISTRACTOR_COUNT; k++)
		printf(" %10s", distractor_name(k));
	for (unsigned k = 0; k < LENDER_COUNT; k++)
		if (lender_is_installed(k))
			printf(" %10s", lender_name(k));
	printf("        all\n");
	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (is_wanted(o, rates[i]))
			false_row(o, rates[i]);
	for (unsigned k = 0; k < LENDER_COUNT; k++)
		if (!lender_is_installed(k))
			printf("%s is not installed: no %s\n", lender_program(k), lender_name(k));
}

int main(int argc, char **argv)
{
	static const struct option names[] = {{"noise", required_argument, NULL, 'n'},
		{"seed", required_argument, NULL, 's'}, {"rate", required_argument, NULL, 'r'},
		{"events", no_argument, NULL, 'e'}, {0}};
	struct options o = {.seconds = 200, .noise_s = 300};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c == 'n')
			o.noise_s = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 's')
			o.seed = strtoull(optarg, NULL, 10) * 1000003;
		else if (c == 'r')
			o.rate_hz = strtod(optarg, NULL);
		else if (c == 'e')
			o.wants_events = true;
		else
			return EXIT_FAILURE;
	}
	if (optind < argc)
		o.seconds = (unsigned)strtoul(argv[optind], NULL, 10);
	if (o.seconds > 0)
		recall_table(&o);
	if (o.noise_s > 0)
		false_table(&o);
	printf("\n%u figures missed\n", missed);
	return EXIT_SUCCESS;
}
