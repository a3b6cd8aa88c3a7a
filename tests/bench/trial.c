// SPDX-License-Identifier: MIT
#include "tests/bench/trial.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define TEXT_SIZE 4096

/* Columns by name; a file without names has them in this order. */
enum column { GX, GY, GZ, AX, AY, AZ, QW, QX, QY, QZ, MOVEMENT, COLUMNS };
_Static_assert(COLUMNS == TRIAL_COLUMNS, "a place for each column");

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

static void read_line(const struct trial *trial, const char *text, struct trial_line *ret)
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

static struct trial_line *next_line(struct trial *trial)
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

int trial_read(const char *path, struct trial *ret)
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
	for (unsigned i = 0; i < QW; i++)
		if (ret->at[i] < 0)
			return -EINVAL;
	return ret->rate_hz > 0 && ret->n ? 0 : -EINVAL;
}

bool trial_is_known(const double *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

bool trial_sample(const struct trial_line *line, unsigned step, struct motion_sample *ret)
{
	*ret = (struct motion_sample){.flags = 0};
	if (!trial_is_known(line[step - 1].acc, 3))
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
