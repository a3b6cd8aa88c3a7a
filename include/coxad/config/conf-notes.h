// SPDX-License-Identifier: MIT
#pragma once
/* What is allowed and yet perhaps not meant: said by --check-config and, if certain, in the journal at
 * the start and after a reload. Pure. */
#include "coxad/config/conf.h"

#define CONF_NOTE_SIZE 320

enum conf_note_kind {
	CONF_NOTE_CERTAIN,
	CONF_NOTE_POSSIBLE /* depends on what is not known from the configuration */
};

/* Calls `each` for each note, a sentence with the setting to change. */
void conf_notes(const struct conf *conf,
	void (*each)(void *user, enum conf_note_kind kind, const char *note), void *user);
