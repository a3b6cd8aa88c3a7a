// SPDX-License-Identifier: MIT
#pragma once
/* Files of the configuration in, a struct conf or all that is wrong with them out. Pure: the
 * caller reads the files and gives them in the order in which later ones win. Nothing of a
 * configuration with an error is used: a reload goes on with what it had.
 */
#include <stddef.h>

#include "coxad/config/conf-errors.h"
#include "coxad/config/conf.h"

#define CONF_FILE_MAX (1024 * 1024) /* bytes of one file; a larger one is an error */

struct conf_source {
	const char *name; /* as errors name it */
	const char *data; /* any bytes, no terminator needed */
	size_t size;
};

/* 0: *ret owned by the caller. -EINVAL: errors->n > 0, *ret untouched. No file at all gives the
 * defaults. */
int conf_read(
	const struct conf_source *files, size_t n, struct conf **ret, struct conf_errors *errors);
