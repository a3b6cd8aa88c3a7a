// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gym/door-capture.h"
#include "tests/gym/truth.h"

enum wish {
	OPTION_CAPTURE = 256,
	OPTION_TRUTH,
	OPTION_SEED,
	OPTION_CHECK,
	OPTION_HELP,
	OPTION_VERSION
};

static const struct option options[] = {
	{"capture", required_argument, NULL, OPTION_CAPTURE},
	{"truth", required_argument, NULL, OPTION_TRUTH},
	{"seed", required_argument, NULL, OPTION_SEED},
	{"check", no_argument, NULL, OPTION_CHECK},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{NULL, 0, NULL, 0},
};

struct wishes {
	const char *script, *capture, *truth;
	uint64_t seed;
	bool check;
};

static int usage(FILE *to)
{
	fputs("coxa-gym SCRIPT --capture FILE [--truth FILE] [--seed N]\n"
	      "coxa-gym SCRIPT --check\n",
		to);
	return to == stdout ? 0 : 2;
}

static int run(const struct wishes *wishes)
{
	char error[512] = "";
	struct gym *gym = gym_load(wishes->script, wishes->seed, error, sizeof(error));
	int r = gym ? truth_check(gym, error, sizeof(error)) : -EINVAL;

	if (r < 0) {
		fprintf(stderr, "%s\n", error);
		gym_free(gym);
		return 1;
	}
	if (wishes->capture) {
		r = door_capture_write(gym, wishes->capture);
		if (r < 0)
			fprintf(stderr, "coxa-gym: %s: %s\n", wishes->capture, strerror(-r));
	}
	if (r >= 0 && wishes->truth) {
		r = truth_write(gym, door_capture_base_us(gym), wishes->truth);
		if (r < 0)
			fprintf(stderr, "coxa-gym: %s: %s\n", wishes->truth, strerror(-r));
	}
	gym_free(gym);
	return r < 0;
}

int main(int argc, char **argv)
{
	struct wishes wishes = {.seed = 1};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case OPTION_CAPTURE:
			wishes.capture = optarg;
			break;
		case OPTION_TRUTH:
			wishes.truth = optarg;
			break;
		case OPTION_SEED:
			wishes.seed = strtoull(optarg, NULL, 0);
			break;
		case OPTION_CHECK:
			wishes.check = true;
			break;
		case OPTION_HELP:
			return usage(stdout);
		case OPTION_VERSION:
			puts("coxa-gym");
			return 0;
		default:
			return usage(stderr);
		}
	if (optind != argc - 1 || (!wishes.capture && !wishes.check))
		return usage(stderr);
	wishes.script = argv[optind];
	return run(&wishes);
}
