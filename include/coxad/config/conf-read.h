// SPDX-License-Identifier: MIT
#pragma once
/* Files of the configuration in, a struct conf or all that is wrong with them out. Pure: the
 * caller reads the files and gives them in the order in which later ones win. Nothing of a
 * configuration with an error is used: a reload goes on with what it had.
 */
#include <stdbool.h>
#include <stddef.h>

#include "coxad/config/conf.h"

/* More than these are counted and not kept. */
#define CONF_ERRORS_MAX 200
#define CONF_FILE_MAX   (1024 * 1024) /* bytes of one file; a larger one is an error */

struct conf_source {
	const char *name; /* as errors name it */
	const char *data; /* any bytes, no terminator needed */
	size_t size;
};

/* Each text is "file:line: what, and the nearest thing that is allowed", in the order of files and
 * lines. Zero it before the first use; conf_errors_done frees. */
struct conf_errors {
	size_t n;
	size_t n_more; /* found beyond CONF_ERRORS_MAX */
	char *text[CONF_ERRORS_MAX];
};

/* 0: *ret owned by the caller. -EINVAL: errors->n > 0, *ret untouched. No file at all gives the
 * defaults. */
int conf_read(
	const struct conf_source *files, size_t n, struct conf **ret, struct conf_errors *errors);
void conf_errors_done(struct conf_errors *errors);
/* For what the caller finds (a file that cannot be read): "name: what". */
void conf_errors_add(struct conf_errors *errors, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* True for a name of an athlete, kit, wearable, site or gateway: UTF-8, 1 to 32 bytes, none of
 * / + # and no control characters, so that it can be a level of a topic. */
bool conf_is_name(const char *text);

/* The effective values as a file that reads back to the same, comments included. Returns-owned. */
char *conf_print(const struct conf *conf);
