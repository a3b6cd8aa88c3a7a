// SPDX-License-Identifier: MIT
#pragma once
/* Reads the configuration: FILE, then the .conf files of FILE.d in C order of their names. */
#include <stdbool.h>
#include <stdio.h>

#include "coxad/config/conf-errors.h"
#include "coxad/config/conf.h"

/* 0 and *ret owned by the caller; -EINVAL: errors->n > 0. is_required: FILE was asked for by name and
 * must be there; the default one may be absent. */
int conf_files_read(
	const char *path, bool is_required, struct conf_errors *errors, struct conf **ret);
/* Each error as a line. */
void conf_files_print(const struct conf_errors *errors, FILE *stream);
/* Both. */
int conf_files_load(const char *path, bool is_required, FILE *errors, struct conf **ret);
