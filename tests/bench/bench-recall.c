// SPDX-License-Identifier: MIT
/* bench-recall [SECONDS]: how many synthetic joint pops the detector and the origin gate find in
 * noise, when, and how often they take something else for one, by sound alone. Against domain.md 9:
 * recall >= 0.95 at 18 dB, onset within 5 ms, at most one false event in 10 minutes. An event is
 * false where the gate calls it a pop. SNR: the loudest 2 ms of the pop's first pulse train against
 * the noise's mean square, both in the detector's band of 50 Hz to 2 kHz.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/core/terms.h"
#include "tests/core/pop/detector-trial.h"

#define RECALL_LEAST  0.95
#define ONSET_MOST_MS 5.0
#define FALSE_MOST    1.0 /* in 10 minutes */
#define FIGURE_SNR_DB 18

static const double rates[] = {4000, 8000, 16000, 44100, 48000};
static const char *const colour_name[] = {"white", "pink", "gym"};
static unsigned missed;

static const char *verdict(bool is_good)
{
	missed += !is_good;
	return is_good ? "ok" : "MISSED";
}

static void recall_row(
	double rate_hz, double snr_db, enum noise_colour colour, unsigned pulses, unsigned seconds)
{
	struct recall *r = calloc(1, sizeof(*r));
	double share, p95;

	recall_measure(rate_hz, snr_db, colour, pulses, seconds, 7 + (uint64_t)rate_hz, r);
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

static void recall_table(unsigned seconds)
{
	static const double snr[] = {12, 15, 18, 24};

	printf("recall of synthetic pops\n  rate  snr noise pulses  heard recall  e50ms  e95ms  max"
	       "  split stray\n");
	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		for (unsigned k = 0; k < sizeof(snr) / sizeof(snr[0]); k++)
			for (unsigned c = 0; c < NOISE_COLOUR_COUNT; c++)
				recall_row(rates[i], snr[k], c, 0, seconds);
	for (unsigned n = 1; n <= POP_PULSES_MAX; n += 2)
		recall_row(8000, FIGURE_SNR_DB, NOISE_PINK, n, seconds);
}

static void false_table(unsigned seconds)
{
	struct trial *t = calloc(1, sizeof(*t));

	printf("\nfalse events by sound alone, in 10 minutes\n  rate");
	for (unsigned k = 0; k < DISTRACTOR_COUNT; k++)
		printf(" %10s", distractor_name(k));
	printf("        all\n");
	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		double sum = 0;

		printf("%6.0f", rates[i]);
		for (unsigned k = 0; k < DISTRACTOR_COUNT; k++) {
			double n =
				false_measure(rates[i], k, seconds, 100 + k, t) * 600.0 / seconds;

			printf(" %6.1f/%3.0f", n, t->n * 600.0 / seconds);
			sum += n;
		}
		sum /= DISTRACTOR_COUNT;
		printf(" %10.1f  %s\n", sum, verdict(sum <= FALSE_MOST));
	}
	free(t);
}

int main(int argc, char **argv)
{
	unsigned seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 200;

	recall_table(seconds);
	false_table(seconds);
	printf("\n%u figures missed\n", missed);
	return EXIT_SUCCESS;
}
