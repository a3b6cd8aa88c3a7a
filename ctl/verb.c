// SPDX-License-Identifier: MIT
#include "ctl/verb.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/nearest.h"

const struct verb *verb_find(const char *name)
{
	for (const struct verb *verb = verb_table; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			return verb;
	return NULL;
}

const char *verb_nearest(const char *name)
{
	struct nearest nearest = {0};

	for (const struct verb *verb = verb_table; verb->name; verb++)
		nearest_add(&nearest, name, verb->name);
	return nearest.word;
}

bool verb_word(
	const struct verb *verb, size_t n, bool *ret_is_optional, char ret[static VERB_WORD_SIZE])
{
	const char *at = verb->synopsis;
	size_t length;

	for (; n > 0 && *at; n--) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	length = strcspn(at, " ");
	if (length == 0 || length >= VERB_WORD_SIZE)
		return false;
	*ret_is_optional = at[0] == '[';
	if (*ret_is_optional) {
		at++;
		length -= 2;
	}
	memcpy(ret, at, length);
	ret[length] = '\0';
	return true;
}

static bool is_choice(const char *choices, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = choices; *at; at += strcspn(at, "|"), at += *at == '|')
		if (strcspn(at, "|") == length && strncmp(at, word, length) == 0)
			return true;
	return false;
}

static int complain(const struct verb *verb, const char *what, const char *word)
{
	fprintf(stderr, "coxactl: %s%s\nUsage: coxactl %s %s\n", what, word, verb->name,
		verb->synopsis);
	return -EINVAL;
}

int verb_check(const struct verb *verb, int argc, char **argv)
{
	char word[VERB_WORD_SIZE];
	bool is_optional;
	size_t n = 0;

	for (; verb_word(verb, n, &is_optional, word); n++) {
		if ((int)n + 1 >= argc) {
			if (!is_optional)
				return complain(verb, "missing: ", word);
			continue;
		}
		if (strchr(word, '|') && !is_choice(word, argv[n + 1]))
			return complain(verb, "neither of the words: ", argv[n + 1]);
	}
	if ((int)n + 1 < argc)
		return complain(verb, "too many arguments: ", argv[n + 1]);
	return 0;
}

void verb_print_usage(FILE *file, const char *program)
{
	fprintf(file, "Usage: %s [OPTION]... VERB [ARGUMENT]...\n\n", program);
	for (const struct verb *verb = verb_table; verb->name; verb++) {
		char head[160];

		snprintf(head, sizeof(head), "%s %s", verb->name, verb->synopsis);
		fprintf(file, strlen(head) > 30 ? "  %s\n%34s%s\n" : "  %-31s%s%s\n", head, "",
			verb->summary);
	}
}
