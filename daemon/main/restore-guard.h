// SPDX-License-Identifier: MIT
#pragma once
/* coxactl restore that was interrupted: half of the files may be those of before. */
#include <stdbool.h>

/* Says so on standard error. */
bool restore_guard_is_unfinished(const char *config);
