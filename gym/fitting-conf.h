// SPDX-License-Identifier: MIT
#pragma once
/* The configuration of coxad that fits a script: its gateway, kits and wearables. */
#include "gym/script.h"

/* broker NULL: none is named. -errno. */
int fitting_conf_write(const struct script *script, const char *broker, const char *path);
