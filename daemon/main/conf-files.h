// SPDX-License-Identifier: MIT
#pragma once
/* The configuration's files: FILE, then the .conf files of FILE.d in C order of names, read and given to
 * conf-read.
 */
#include <stdbool.h>
#include <stdio.h>

#include "coxad/config/conf.h"

/* 0 and *ret owned by the caller; -EINVAL with every error as a line on `errors`. is_required:
 * FILE was asked for by name and must be there; the default one may be absent. */
int conf_files_load(const char *path, bool is_required, FILE *errors, struct conf **ret);
/* True where everything is equal that only a restart can change. */
bool conf_files_is_same_room(const struct conf *a, const struct conf *b);
