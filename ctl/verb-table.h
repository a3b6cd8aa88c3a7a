// SPDX-License-Identifier: MIT
#pragma once
/* The one table of verbs: usage, completion and the man page are made of it (`make update-docs`). In a
 * synopsis [] is optional, | is a choice of words, and each word in capitals is a kind that the
 * completions know.
 */
#include "ctl/ctl.h"

struct verb {
	const char *name, *synopsis;
	ctl_run_fn run;
	const char *summary;
	const char *sentences; /* of the man page */
};

/* Ends with a row without a name. */
extern const struct verb verb_table[];
