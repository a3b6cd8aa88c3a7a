// SPDX-License-Identifier: MIT
#pragma once
/* All that is wrong with a configuration, as texts for people. Owns the texts. */
#include <stddef.h>

/* Errors beyond these are only counted. */
#define CONF_ERRORS_MAX 200

/* Each text is "file:line: what, and the nearest thing that is allowed", in the order of files and
 * lines. Zero it before the first use; conf_errors_done frees. */
struct conf_errors {
	size_t n;
	size_t n_more; /* beyond CONF_ERRORS_MAX */
	char *text[CONF_ERRORS_MAX];
};

void conf_errors_done(struct conf_errors *errors);
/* For what the caller finds (a file that cannot be read): "name: what". */
void conf_errors_add(struct conf_errors *errors, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Takes the text. */
void conf_errors_take(struct conf_errors *errors, char *text);
