// SPDX-License-Identifier: MIT
#pragma once
/* Questions to a person at the terminal, and what comes on standard input without one. */
#include <stdbool.h>

/* Standard input and output are a terminal. */
bool ask_is_possible(void);
/* A line; an empty one is `usual`, which may be empty. Returns-owned; NULL: no more is typed. */
char *ask_line(const char *question, const char *usual);
/* A line of standard input; what is typed at a terminal is not shown. Returns-owned; NULL: there is none. */
char *ask_secret(const char *question);
