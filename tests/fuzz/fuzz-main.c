// SPDX-License-Identifier: MIT
/* A fuzzer without libFuzzer: runs the program fuzz-NAME on tests/fuzz/corpus/NAME and on the seeds
 * that it makes itself, with prefixes of each and a bounded number of mutations, the same ones for
 * the same seed. With arguments, only those files, unchanged: for what libFuzzer found.
 *   COXAD_SEED       seed of the mutations, printed
 *   COXAD_MUTATIONS  mutations of each
 * The input that ends the program is left in crash-NAME.
 */
#include "tests/fuzz/fuzz-main.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/generator.h"

#define INPUT_MAX     65536
#define PREFIXES      10000 /* of all inputs together */
#define PREFIXES_MAX  600   /* of one */
#define MUTATIONS     10000 /* of all inputs together */
#define MUTATIONS_MAX 1000  /* of one */
#define TOKENS_MAX    256
#define TOKEN_MAX     64
#define MUTATED_BYTES 4096 /* of a longer input only the beginning, to keep a run short */

struct token {
	size_t size;
	uint8_t bytes[TOKEN_MAX];
};

static struct token tokens[TOKENS_MAX];
static size_t n_tokens;
static uint64_t random_state;
static const char *name;
static uint8_t input[INPUT_MAX + TOKEN_MAX];
static size_t input_size;
static unsigned long runs;
static unsigned prefixes_of_each, mutations_of_each;

static void on_crash(int signal_)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "crash-%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0 && write(fd, input, input_size) >= 0)
		fprintf(stderr, "fuzz-%s: input of %zu bytes left in %s\n", name, input_size, path);
	signal(signal_, SIG_DFL);
	raise(signal_);
}

static size_t below(size_t n)
{
	return n ? (size_t)(generator_xorshift(&random_state) % n) : 0;
}

/* In a block of its exact size, so that a sanitizer sees a read past the end. */
static void run(void)
{
	uint8_t *copy = malloc(input_size ? input_size : 1);

	if (!copy)
		abort();
	memcpy(copy, input, input_size);
	LLVMFuzzerTestOneInput(copy, input_size);
	free(copy);
	runs++;
}

static void insert(size_t at, const uint8_t *bytes, size_t size)
{
	if (input_size + size > INPUT_MAX)
		return;
	memmove(input + at + size, input + at, input_size - at);
	memcpy(input + at, bytes, size);
	input_size += size;
}

static void mutate_once(void)
{
	static const uint8_t interesting[] = {0, 1, 0x7f, 0x80, 0xff, '"', '\\', '{', '\n', '0'};
	size_t at = below(input_size), n = below(16) + 1;
	uint8_t byte = (uint8_t)generator_xorshift(&random_state);

	switch (below(7)) {
	case 0:
		if (input_size)
			input[at] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		if (input_size)
			input[at] = interesting[below(sizeof(interesting))];
		break;
	case 2:
		insert(at, &byte, 1);
		break;
	case 3: /* cut out */
		if (at + n <= input_size) {
			memmove(input + at, input + at + n, input_size - at - n);
			input_size -= n;
		}
		break;
	case 4: /* double */
		if (at + n <= input_size) {
			uint8_t piece[16];

			memcpy(piece, input + at, n);
			insert(below(input_size), piece, n);
		}
		break;
	case 5:
		if (n_tokens) {
			const struct token *token = &tokens[below(n_tokens)];

			insert(at, token->bytes, token->size);
		}
		break;
	default:
		input_size = at;
		break;
	}
}

static unsigned number_of(const char *variable, unsigned otherwise)
{
	const char *text = getenv(variable);

	return text ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

static size_t load(const char *path, uint8_t *ret, size_t room)
{
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file) {
		perror(path);
		exit(1);
	}
	size = fread(ret, 1, room, file);
	fclose(file);
	return size;
}

static void fuzz_from(const uint8_t *seed, size_t size)
{
	size_t step = size / prefixes_of_each + 1;

	memcpy(input, seed, size);
	input_size = size;
	run();
	for (size_t n = 0; n < size; n += step) {
		memcpy(input, seed, n);
		input_size = n;
		run();
	}
	if (size > MUTATED_BYTES)
		size = MUTATED_BYTES;
	for (unsigned i = 0; i < mutations_of_each; i++) {
		memcpy(input, seed, size);
		input_size = size;
		for (size_t times = below(4) + 1; times > 0; times--)
			mutate_once();
		run();
	}
}

/* Lines of libFuzzer's dictionaries: [name=]"text with \xAB, \" and \\". */
static void load_dictionary(const char *path)
{
	char line[256];
	FILE *file = fopen(path, "r");

	if (!file)
		return;
	while (n_tokens < TOKENS_MAX && fgets(line, sizeof(line), file)) {
		struct token *token = &tokens[n_tokens];
		const char *c = line[0] == '#' ? NULL : strchr(line, '"');

		token->size = 0;
		while (c && *++c && *c != '"' && token->size < TOKEN_MAX) {
			unsigned byte = (unsigned char)*c;

			if (c[0] == '\\' && c[1] == 'x' && sscanf(c + 2, "%2x", &byte) == 1)
				c += 3;
			else if (c[0] == '\\')
				byte = (unsigned char)*++c;
			token->bytes[token->size++] = (uint8_t)byte;
		}
		if (token->size)
			n_tokens++;
	}
	fclose(file);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The paths of the corpus; how many. */
static int list_corpus(const char *top, struct dirent ***ret)
{
	char path[4096];
	int n;

	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", top, name);
	n = scandir(path, ret, is_file, alphasort);
	return n > 0 ? n : 0;
}

static void fuzz_corpus(const char *top, struct dirent **entries, int n)
{
	static uint8_t seed[INPUT_MAX];
	char path[4096];

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s/%s", top, name,
			entries[i]->d_name);
		fuzz_from(seed, load(path, seed, sizeof(seed)));
		free(entries[i]);
	}
}

/* The seed of that index that the fuzzer makes itself; 0 after the last. */
static size_t make_seed(unsigned index, uint8_t ret[static FUZZ_SEED_MAX])
{
	return fuzz_seed ? fuzz_seed(index, ret) : 0;
}

static unsigned share(unsigned all, unsigned most, unsigned inputs)
{
	unsigned slowness = &fuzz_slowness ? fuzz_slowness : 1;
	unsigned each = all / inputs < most ? all / inputs : most;

	return each / slowness ? each / slowness : 1;
}

static int fuzz_all(const char *top)
{
	static uint8_t seed[FUZZ_SEED_MAX];
	struct dirent **entries = NULL;
	char path[4096];
	unsigned seeds = 0, inputs = (unsigned)list_corpus(top, &entries);
	size_t size;

	while (make_seed(seeds, seed) > 0)
		seeds++;
	printf("fuzz-%s: %u files of the corpus, %u seeds of its own\n", name, inputs, seeds);
	if (inputs + seeds == 0) {
		fprintf(stderr, "fuzz-%s: no corpus in %s/tests/fuzz/corpus/%s\n", name, top, name);
		return 1;
	}
	prefixes_of_each = share(PREFIXES, PREFIXES_MAX, inputs + seeds);
	mutations_of_each =
		share(number_of("COXAD_MUTATIONS", MUTATIONS), MUTATIONS_MAX, inputs + seeds);
	snprintf(path, sizeof(path), "%s/tests/fuzz/dict/%s.dict", top, name);
	load_dictionary(path);
	fuzz_corpus(top, entries, (int)inputs);
	free(entries);
	for (unsigned i = 0; (size = make_seed(i, seed)) > 0; i++)
		fuzz_from(seed, size);
	return 0;
}

int main(int argc, char **argv)
{
	static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
	const char *top = getenv("COXAD_TOP_SRCDIR"), *slash = strrchr(argv[0], '/');
	unsigned seed = number_of("COXAD_SEED", 1);
	int r = 0;

	name = slash ? slash + 1 : argv[0];
	if (strncmp(name, "fuzz-", 5) == 0)
		name += 5;
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], on_crash);
	random_state = UINT64_C(0x9e3779b97f4a7c15) * (seed + 1);
	for (int i = 1; i < argc; i++) {
		input_size = load(argv[i], input, INPUT_MAX);
		run();
	}
	if (argc == 1)
		r = fuzz_all(top ? top : TOP_SRCDIR);
	printf("fuzz-%s: %lu inputs, seed %u\n", name, runs, seed);
	return r;
}
