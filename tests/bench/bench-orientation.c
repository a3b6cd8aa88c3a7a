// SPDX-License-Identifier: MIT
/* Inclination error of the orientation filter on recordings in the CSV form of the BROAD benchmark:
 * a first line with the rate, a line of names, then gyroscope (rad/s), acceleration (m/s^2), a
 * reference quaternion and a mark of movement. Prints the RMSE over the samples in movement at the
 * recorded rate and, the gyroscope averaged, near 100 Hz.
 */
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/orientation.h"

struct line {
	double gyr[3], acc[3], quat[4], movement;
};

struct trial {
	double rate_hz;
	size_t n, room;
	struct line *line;
};

static int read_line(const char *text, struct line *ret)
{
	double v[11];
	char *end;

	for (unsigned i = 0; i < 11; i++) {
		v[i] = strtod(text, &end);
		if (end == text)
			return -EINVAL;
		text = *end == ',' ? end + 1 : end;
	}
	memcpy(ret->gyr, v, sizeof(ret->gyr));
	memcpy(ret->acc, v + 3, sizeof(ret->acc));
	memcpy(ret->quat, v + 6, sizeof(ret->quat));
	ret->movement = v[10];
	return 0;
}

static int read_trial(const char *path, struct trial *ret)
{
	gzFile file = gzopen(path, "rb"); /* reads plain files as they are */
	char text[512];
	const char *at;

	if (!file)
		return -errno;
	*ret = (struct trial){0};
	at = gzgets(file, text, sizeof(text)) ? strstr(text, " Hz") : NULL;
	while (at && at > text && strchr("0123456789.", at[-1]))
		at--;
	ret->rate_hz = at ? strtod(at, NULL) : 0;
	if (!gzgets(file, text, sizeof(text)) || !(ret->rate_hz > 0)) {
		gzclose(file);
		return -EINVAL;
	}
	while (gzgets(file, text, sizeof(text))) {
		if (ret->n == ret->room) {
			ret->room = ret->room ? 2 * ret->room : 4096;
			ret->line = realloc(ret->line, ret->room * sizeof(*ret->line));
			if (!ret->line)
				abort();
		}
		if (read_line(text, &ret->line[ret->n]) == 0)
			ret->n++;
	}
	gzclose(file);
	return 0;
}

/* Degrees between the reference's up and the filter's, over the samples in movement. */
static double inclination_rmse(const struct trial *trial, unsigned step, size_t *ret_n)
{
	struct orientation orientation;
	double sum = 0, interval_s = step / trial->rate_hz;
	size_t n = 0;

	orientation_init(&orientation);
	for (size_t i = 0; i + step <= trial->n; i += step) {
		const struct line *last = &trial->line[i + step - 1];
		struct motion_sample sample = {.flags = 0};
		struct orientation_output out;
		struct quat reference = {
			last->quat[0], last->quat[1], last->quat[2], last->quat[3]};

		for (unsigned j = 0; j < 3; j++) {
			double mean = 0;

			for (size_t k = i; k < i + step; k++)
				mean += trial->line[k].gyr[j] / step;
			sample.gyr_rps[j] = (float)mean;
			sample.acc_mps2[j] = (float)last->acc[j];
		}
		orientation_update(&orientation, &sample, interval_s, interval_s, &out);
		if (!(last->movement > 0) || isnan(reference.w))
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
	int done = 0;

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
		int r = read_trial(argv[i], &trial);

		if (r < 0) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(-r));
			return 1;
		}
		b = inclination_rmse(&trial, (unsigned)fmax(1, round(trial.rate_hz / 100)), &n);
		a = inclination_rmse(&trial, 1, &n);
		printf("%-48s %8.1f %10.3f %10.3f %10zu\n", name, trial.rate_hz, a, b, n);
		native += a;
		slower += b;
		done++;
		free(trial.line);
	}
	printf("%-48s %8s %10.3f %10.3f\n", "mean", "", native / done, slower / done);
	if (found.gl_pathc)
		globfree(&found);
	return 0;
}
