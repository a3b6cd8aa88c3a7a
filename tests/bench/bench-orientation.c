// SPDX-License-Identifier: MIT
/* Inclination error of the orientation filter on recordings in the CSV form of the BROAD benchmark:
 * a first line with the rate, a line of names, then gyroscope (rad/s), acceleration (m/s^2), a
 * reference quaternion and a mark of movement, nan where not known; plain or compressed. Prints the
 * RMSE over the samples in movement at the recorded rate and, the gyroscope averaged, near 100 Hz.
 */
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/orientation.h"

#define TEXT_SIZE 4096

/* Columns by name; a file without names has them in this order. */
enum column { GX, GY, GZ, AX, AY, AZ, QW, QX, QY, QZ, MOVEMENT, COLUMNS };

static const char *const names[COLUMNS][2] = {[GX] = {"gx", "gyr_x"},
	[GY] = {"gy", "gyr_y"},
	[GZ] = {"gz", "gyr_z"},
	[AX] = {"ax", "acc_x"},
	[AY] = {"ay", "acc_y"},
	[AZ] = {"az", "acc_z"},
	[QW] = {"qw", "w"},
	[QX] = {"qx", "x"},
	[QY] = {"qy", "y"},
	[QZ] = {"qz", "z"},
	[MOVEMENT] = {"movement", "moving"}};

struct line {
	double gyr[3], acc[3], quat[4], movement;
};

struct trial {
	double rate_hz;
	size_t n, room;
	struct line *line;
	int at[COLUMNS]; /* where a column stands, -1 nowhere */
	bool has_movement;
};

static bool is_number(const char *text)
{
	char *end;

	strtod(text, &end);
	return end != text;
}

static void read_names(struct trial *trial, char *text)
{
	int at = 0;

	for (unsigned i = 0; i < COLUMNS; i++)
		trial->at[i] = -1;
	for (char *save, *name = strtok_r(text, ",;\t \r\n\"", &save); name;
		name = strtok_r(NULL, ",;\t \r\n\"", &save), at++)
		for (unsigned i = 0; i < COLUMNS; i++)
			if (strcasecmp(name, names[i][0]) == 0 ||
				strcasecmp(name, names[i][1]) == 0)
				trial->at[i] = at;
}

static void read_line(const struct trial *trial, const char *text, struct line *ret)
{
	double v[COLUMNS];
	int at = 0;

	for (unsigned i = 0; i < COLUMNS; i++)
		v[i] = NAN;
	for (; *text; at++) {
		char *end;
		double x = strtod(text, &end);

		for (unsigned i = 0; i < COLUMNS; i++)
			if (trial->at[i] == at && end != text)
				v[i] = x;
		text += strcspn(text, ",;\t");
		text += *text != 0;
	}
	memcpy(ret->gyr, v + GX, sizeof(ret->gyr));
	memcpy(ret->acc, v + AX, sizeof(ret->acc));
	memcpy(ret->quat, v + QW, sizeof(ret->quat));
	ret->movement = v[MOVEMENT];
}

static struct line *next_line(struct trial *trial)
{
	if (trial->n == trial->room) {
		trial->room = trial->room ? 2 * trial->room : 4096;
		trial->line = realloc(trial->line, trial->room * sizeof(*trial->line));
		if (!trial->line)
			abort();
	}
	return &trial->line[trial->n++];
}

/* The number before "Hz". */
static double rate_of(const char *text)
{
	const char *at = strstr(text, "Hz");

	while (at && at > text && at[-1] == ' ')
		at--;
	while (at && at > text && strchr("0123456789.", at[-1]))
		at--;
	return at ? strtod(at, NULL) : 0;
}

static int read_trial(const char *path, struct trial *ret)
{
	gzFile file = gzopen(path, "rb"); /* reads plain files as they are */
	char text[TEXT_SIZE];
	bool is_first = true;

	if (!file)
		return -errno;
	*ret = (struct trial){0};
	for (int i = 0; i < COLUMNS; i++)
		ret->at[i] = i;
	if (gzgets(file, text, sizeof(text)))
		ret->rate_hz = rate_of(text);
	while (gzgets(file, text, sizeof(text))) {
		if (text[0] == '#' || text[strspn(text, " \t\r\n")] == 0)
			continue;
		if (is_first && !is_number(text))
			read_names(ret, text);
		else
			read_line(ret, text, next_line(ret));
		is_first = false;
	}
	gzclose(file);
	for (size_t i = 0; i < ret->n; i++)
		ret->has_movement |= ret->line[i].movement > 0;
	for (unsigned i = 0; i < MOVEMENT; i++)
		if (ret->at[i] < 0)
			return -EINVAL;
	return ret->rate_hz > 0 && ret->n ? 0 : -EINVAL;
}

static bool is_known(const double *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

/* Several lines as one sample: mean of the gyroscope, acceleration of the last. False: unknown. */
static bool sample_of(const struct line *line, unsigned step, struct motion_sample *ret)
{
	*ret = (struct motion_sample){.flags = 0};
	if (!is_known(line[step - 1].acc, 3))
		return false;
	for (unsigned j = 0; j < 3; j++) {
		double mean = 0;

		for (unsigned k = 0; k < step; k++)
			mean += line[k].gyr[j] / step;
		if (!isfinite(mean))
			return false;
		ret->gyr_rps[j] = (float)mean;
		ret->acc_mps2[j] = (float)line[step - 1].acc[j];
	}
	return true;
}

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
		const struct line *last = &trial->line[i + step - 1];
		struct motion_sample sample;
		struct orientation_output out;
		struct quat reference = {
			last->quat[0], last->quat[1], last->quat[2], last->quat[3]};

		if (!sample_of(&trial->line[i], step, &sample)) {
			gap_s += interval_s;
			continue;
		}
		orientation_update(&orientation, &sample, interval_s, gap_s, &out);
		gap_s = interval_s;
		has_rested |= out.is_rest;
		has_moved |= has_rested && !out.is_rest;
		if (!(trial->has_movement ? last->movement > 0 : has_moved) ||
			!is_known(last->quat, 4))
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
		int r = read_trial(argv[i], &trial);

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
