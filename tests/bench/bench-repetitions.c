// SPDX-License-Identifier: MIT
/* bench-repetitions [SETS [FIRST]]: random sets of each kind of exercise through the posture of a
 * kit: repetitions missed and invented, phase boundaries beyond 100 ms, and the greatest error of
 * each figure of a repetition. COXAD_BENCH_TELL=1 tells each fault, COXAD_BENCH_FROM
 * is the number of the kind to begin with.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/core/posture/rep-set.h"

int main(int argc, char **argv)
{
	static struct rep_set set;
	unsigned sets = argc > 1 ? (unsigned)atoi(argv[1]) : 40;
	unsigned first = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
	const char *only = getenv("COXAD_BENCH_FROM"); /* the first kind */
	bool tells = getenv("COXAD_BENCH_TELL") != NULL;

	printf("%-24s %4s %5s %6s %8s %9s %9s %8s %6s %6s %6s %6s %6s %5s\n", "repetitions", "sets",
		"reps", "missed", "invented", ">100 ms", "5% loss", "worst ms", "range", "loss",
		"no/yes", "asym", "sparc", "uncal");
	for (unsigned kind = only ? (unsigned)atoi(only) : 0; kind < REP_SET_KINDS; kind++) {
		struct rep_score score = {0};

		for (unsigned i = 0; i < sets; i++) {
			rep_set_make(&set, (enum rep_set_kind)kind, first + i);
			rep_set_judge(&set, &score, tells);
		}
		printf("%-24s %4u %5u %6u %8u %4u/%-4u %4u/%-4u %8.0f %6.2f %6.2f %6u %6.2f %6.2f "
		       "%5u\n",
			rep_set_kind_name((enum rep_set_kind)kind), score.sets, score.reps,
			score.missed, score.invented, score.beyond, score.boundaries,
			score.lossy_beyond, score.lossy, score.worst_s * 1000, score.range_deg,
			score.loss_deg, score.loss_wrong, score.asymmetry_deg, score.sparc,
			score.uncalibrated);
		fflush(stdout);
	}
	return 0;
}
