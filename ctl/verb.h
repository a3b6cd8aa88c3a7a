// SPDX-License-Identifier: MIT
#pragma once
/* Looks up verbs, and what their synopsis says. Pure but for usage, which prints. */
#include <stddef.h>
#include <stdio.h>

#include "ctl/verb-table.h"

#define VERB_WORD_SIZE 64

/* NULL: there is none. */
const struct verb *verb_find(const char *name);
/* What was perhaps meant, or NULL. */
const char *verb_nearest(const char *name);
/* The n-th word of the synopsis without brackets; false: there are fewer. */
bool verb_word(
	const struct verb *verb, size_t n, bool *ret_is_optional, char ret[static VERB_WORD_SIZE]);
/* 0, or -EINVAL after a message on standard error: too few or too many arguments, or a word that is
 * not among the choices. */
int verb_check(const struct verb *verb, int argc, char **argv);
void verb_print_usage(FILE *file, const char *program);
