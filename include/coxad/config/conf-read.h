// SPDX-License-Identifier: MIT
#pragma once
/* From the files of the configuration to a struct conf, or to all that is wrong with them. Pure: the
 * caller reads the files and gives them in order; later ones take precedence. A configuration with
 * an error is not used at all: a reload keeps the previous one.
 */
#include <stddef.h>

#include "coxad/config/conf-errors.h"
#include "coxad/config/conf.h"

#define CONF_FILE_MAX (1024 * 1024) /* bytes of one file; a larger one is an error */

struct conf_source {
	const char *name; /* as shown in errors */
	const char *data; /* any bytes, no terminator needed */
	size_t size;
};

/* 0: *ret is returns-owned. -EINVAL: errors->n > 0, *ret untouched. Without any file: the defaults.
 */
int conf_read(
	const struct conf_source *files, size_t n, struct conf **ret, struct conf_errors *errors);
