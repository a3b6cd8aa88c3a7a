// SPDX-License-Identifier: MIT
/* print-verbs man|bash|zsh: what is made of the table of verbs. */
#include <stdio.h>
#include <string.h>

#include "coxad/base/trace.h"
#include "coxad/core/terms.h"
#include "ctl/verb.h"

/* A text of roff: hyphens that are typed. */
static void print_roff(const char *text)
{
	for (; *text; text++)
		if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
}

/* Words in capitals are placeholders, brackets and bars are not typed. */
static void print_synopsis(const char *synopsis)
{
	for (const char *at = synopsis; *at;) {
		size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		size_t other = strcspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		printf("%s%.*s", length ? "\\fI" : "\\fR", (int)(length ? length : other), at);
		at += length ? length : other;
	}
	puts("\\fR");
}

static void print_man(void)
{
	for (const struct verb *verb = verb_table; verb->name; verb++) {
		fputs(".TP\n\\fB", stdout);
		print_roff(verb->name);
		fputs(verb->synopsis[0] ? "\\fR " : "", stdout);
		print_synopsis(verb->synopsis);
		print_roff(verb->sentences);
		putchar('\n');
	}
}

static void print_names(const char *separator)
{
	for (const struct verb *verb = verb_table; verb->name; verb++)
		printf("%s%s", verb == verb_table ? "" : separator, verb->name);
}

/* One line for each argument: verb:place) kind or words. */
static void print_places(void)
{
	char word[VERB_WORD_SIZE];
	bool is_optional;

	for (const struct verb *verb = verb_table; verb->name; verb++)
		for (size_t n = 0; verb_word(verb, n, &is_optional, word); n++) {
			for (char *c = word; *c; c++)
				*c = *c == '|' ? ' ' : *c;
			printf("	%s:%zu) kind='%s' ;;\n", verb->name, n + 1, word);
		}
}

/* The words of an enum; those before `first` say that nothing was given. */
#define PRINT_WORDS(kind, type, first, count)                                                      \
	do {                                                                                       \
		printf("	%s) kind='", kind);                                                \
		for (unsigned i = (first); i < (count); i++)                                       \
			printf("%s%s", i == (first) ? "" : " ", type##_to_string((enum type)i));   \
		puts("' ;;");                                                                      \
	} while (0)

static void print_kinds(void)
{
	puts("	case $kind in");
	PRINT_WORDS("STEP", calibration_step, 0, CALIBRATION_STEP_COUNT);
	PRINT_WORDS("EXERCISE", exercise, EXERCISE_NONE + 1u, EXERCISE_COUNT);
	PRINT_WORDS("CLASS", pop_class, 0, POP_CLASS_COUNT);
	PRINT_WORDS("CODE", symptom_code, SYMPTOM_UNKNOWN + 1u, SYMPTOM_COUNT);
	PRINT_WORDS("SITE", body_site, BODY_SITE_UNKNOWN + 1u, BODY_SITE_COUNT);
	PRINT_WORDS("SIDE", side, SIDE_UNKNOWN + 1u, SIDE_COUNT);
	PRINT_WORDS("PLACEMENT", placement, 0, PLACEMENT_COUNT);
	PRINT_WORDS("TOPICS", trace_topic, 0, TRACE_TOPIC_COUNT);
	puts("	KIND) kind='rep pop alert act summary' ;;");
	puts("	LEVEL) kind='error warning notice info debug' ;;\n	esac");
}

static void print_bash(void)
{
	fputs("	verbs='", stdout);
	print_names(" ");
	fputs("'\n	case $verb:$place in\n", stdout);
	print_places();
	fputs("	esac\n", stdout);
	print_kinds();
}

/* Within single quotes of a shell. */
static void print_quoted(const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
}

static void print_zsh(void)
{
	fputs("	verbs=(\n", stdout);
	for (const struct verb *verb = verb_table; verb->name; verb++) {
		printf("		'%s:", verb->name);
		print_quoted(verb->summary);
		fputs("'\n", stdout);
	}
	fputs("	)\n	case $verb:$place in\n", stdout);
	print_places();
	fputs("	esac\n", stdout);
	print_kinds();
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (strcmp(what, "man") == 0)
		print_man();
	else if (strcmp(what, "bash") == 0)
		print_bash();
	else if (strcmp(what, "zsh") == 0)
		print_zsh();
	else
		return CTL_USAGE;
	return CTL_OK;
}
