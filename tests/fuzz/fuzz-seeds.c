// SPDX-License-Identifier: MIT
/* Beside libFuzzer, which brings main: with COXAD_SEEDS=FOLDER, writes the seeds that the fuzzer
 * makes itself there and ends. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz-main.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void write_seed(const char *folder, unsigned index, const uint8_t *seed, size_t size)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%u", folder, index);
	file = fopen(path, "wb");
	if (!file || fwrite(seed, 1, size, file) != size || fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static uint8_t seed[FUZZ_SEED_MAX];
	const char *folder = getenv("COXAD_SEEDS");
	unsigned n = 0;
	size_t size;

	if (!folder)
		return 0;
	mkdir(folder, 0700);
	while (fuzz_seed && (size = fuzz_seed(n, seed)) > 0)
		write_seed(folder, n++, seed, size);
	exit(EXIT_SUCCESS);
}
