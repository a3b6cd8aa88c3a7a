// SPDX-License-Identifier: MIT
#pragma once
/* Reads the configuration: FILE, then the .conf files of FILE.d in C order of their names. */
#include <stdbool.h>
#include <stdio.h>

#include "coxad/config/conf.h"

/* 0 and *ret owned by the caller; -EINVAL with every error as a line on `errors`. is_required:
 * FILE was asked for by name and must be there; the default one may be absent. */
int conf_files_load(const char *path, bool is_required, FILE *errors, struct conf **ret);
