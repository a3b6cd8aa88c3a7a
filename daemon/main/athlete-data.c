// SPDX-License-Identifier: MIT
#include "daemon/main/athlete-data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/store/athlete-rights.h"
#include "daemon/main/state-directory.h"

static char *find_directory(const struct conf *conf)
{
	char *directory = state_directory_of(conf);

	if (!directory)
		fprintf(stderr, "coxad: no state directory; set state-directory in [gateway], or "
				"STATE_DIRECTORY\n");
	return directory;
}

static int report(const char *athlete, int error)
{
	if (error >= 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "coxad: %s: %s\n", athlete,
		error == -ENOENT ? "nothing is stored about this athlete" : strerror(-error));
	return EXIT_FAILURE;
}

int athlete_data_export(const struct conf *conf, const char *athlete)
{
	_auto_free_ char *directory = find_directory(conf);
	_auto_free_ char *text = NULL;
	int r;

	if (!directory)
		return EXIT_FAILURE;
	r = athlete_rights_export(directory, athlete, &text);
	if (r >= 0 && text)
		puts(text);
	return report(athlete, r);
}

int athlete_data_erase(const struct conf *conf, const char *athlete)
{
	_auto_free_ char *directory = find_directory(conf);

	if (!directory)
		return EXIT_FAILURE;
	return report(athlete, athlete_rights_erase(directory, athlete));
}
