// SPDX-License-Identifier: MIT
/* bench-orientation [FILE...]: inclination error of the orientation filter on recordings in the CSV
 * form of the BROAD benchmark (trial.h). Prints the RMSE over the samples in movement at the
 * recorded rate and, the gyroscope averaged, near 100 Hz.
 */
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/orientation.h"
#include "tests/bench/trial.h"

/* Degrees between the reference's up and the filter's, which is 2 acos(sqrt(w^2 + z^2)) of the
 * rotation between both, over the samples in movement; where a file does not mark these, over what
 * follows the first rest. */
static double inclination_rmse(const struct trial *trial, unsigned step, size_t *ret_n)
{
	struct orientation orientation;
	double sum = 0, interval_s = step / trial->rate_hz, gap_s = interval_s;
	size_t n = 0;
	bool has_rested = false, has_moved = false;

	orientation_init(&orientation);
	for (size_t i = 0; i + step <= trial->n; i += step) {
		const struct trial_line *last = &trial->line[i + step - 1];
		struct motion_sample sample;
		struct orientation_output out;
		struct quat reference = {
			last->quat[0], last->quat[1], last->quat[2], last->quat[3]};

		if (!trial_sample(&trial->line[i], step, &sample)) {
			gap_s += interval_s;
			continue;
		}
		orientation_update(&orientation, &sample, interval_s, gap_s, &out);
		gap_s = interval_s;
		has_rested |= out.is_rest;
		has_moved |= has_rested && !out.is_rest;
		if (!(trial->has_movement ? last->movement > 0 : has_moved) ||
			!trial_is_known(last->quat, 4))
			continue;
		reference = quat_conj(quat_unit(reference));
		sum += pow(DEG_PER_RAD * vec3_angle(out.up,
						 quat_rotate(reference, (struct vec3){0, 0, 1})),
			2);
		n++;
	}
	*ret_n = n;
	return n ? sqrt(sum / (double)n) : NAN;
}

int main(int argc, char **argv)
{
	double native = 0, slower = 0;
	int done = 0, failed = 0;
	glob_t found = {.gl_offs = 1};

	if (argc < 2 && getenv("COXAD_TEST_DATA")) {
		char pattern[512];

		snprintf(pattern, sizeof(pattern), "%s/broad/*.csv*", getenv("COXAD_TEST_DATA"));
		if (glob(pattern, GLOB_DOOFFS, NULL, &found) == 0) {
			argc = (int)found.gl_pathc + 1;
			argv = found.gl_pathv;
		}
	}
	if (argc < 2) {
		printf("bench-orientation: no recording given (CSV as in the BROAD benchmark)\n");
		return 0;
	}
	printf("%-48s %8s %10s %10s %10s\n", "inclination RMSE, degrees", "Hz", "native", "~100 Hz",
		"samples");
	for (int i = 1; i < argc; i++) {
		const char *name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
		struct trial trial = {0};
		size_t n;
		double a, b;
		int r = trial_read(argv[i], &trial);

		if (r < 0) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(-r));
			free(trial.line);
			failed = 1;
			continue;
		}
		b = inclination_rmse(&trial, (unsigned)fmax(1, round(trial.rate_hz / 100)), &n);
		a = inclination_rmse(&trial, 1, &n);
		printf("%-48s %8.1f %10.3f %10.3f %10zu\n", name, trial.rate_hz, a, b, n);
		if (n) {
			native += a;
			slower += b;
			done++;
		}
		free(trial.line);
	}
	if (done)
		printf("%-48s %8s %10.3f %10.3f\n", "mean", "", native / done, slower / done);
	if (found.gl_pathc)
		globfree(&found);
	return failed;
}
