// SPDX-License-Identifier: MIT
#pragma once
/* The configuration of coxad that matches a script: its gateway, kits and wearables. */
#include "gym/script.h"

/* broker NULL: the configuration names none. -errno. */
int coxad_conf_write(const struct script *script, const char *broker, const char *path);
