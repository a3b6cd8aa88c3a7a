// SPDX-License-Identifier: MIT
#include "tests/bench/bench-gym.h"

#include <stdio.h>
#include <stdlib.h>

#include "coxad/config/conf-read.h"

#define TEXT_MAX 262144

struct conf *bench_gym_conf(unsigned kits, const char *const *placements, unsigned worn)
{
	static char text[TEXT_MAX];
	struct conf_source source = {.name = "bench", .data = text};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;
	size_t n = 0;

	n += (size_t)snprintf(text + n, sizeof(text) - n, "[gateway]\nname = bench\nsite = gym\n");
	for (unsigned k = 0; k < kits; k++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n,
			"[kit %u]\nexercise = supine-straight\nathlete = athlete-%u\n", k, k);
		for (unsigned w = 0; w < worn; w++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
				"[wearable %u-%s]\naddress = C0:A5:00:00:%02X:%02X\nkit = %u\n"
				"placement = %s\n",
				k, placements[w], k, w, k, placements[w]);
	}
	source.size = n;
	if (conf_read(&source, 1, &conf, &errors) < 0) {
		fprintf(stderr, "bench: %s\n", errors.n ? errors.text[0] : "configuration");
		exit(EXIT_FAILURE);
	}
	conf_errors_done(&errors);
	return conf;
}
