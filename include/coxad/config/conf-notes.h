// SPDX-License-Identifier: MIT
#pragma once
/* What is allowed and yet perhaps not meant: said by --check-config, and in the journal at the start and
 * after a reload. Pure. */
#include "coxad/config/conf.h"

#define CONF_NOTE_SIZE 320

/* Calls `each` for each note, a sentence with the setting to change. */
void conf_notes(const struct conf *conf, void (*each)(void *user, const char *note), void *user);
