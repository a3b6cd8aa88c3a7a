// SPDX-License-Identifier: MIT
#pragma once
/* What the journal says of an adapter that does not work, and what to do about it. */
#include "coxad/bluez/source-bluez.h"
#include "coxad/loop/journal.h"
#include "daemon/bluez/bluez-objects.h"

/* It cannot be switched on. */
void bluez_radio_journal_off(
	struct journal_limit *limit, const struct bluez_adapter *adapter, const char *error);
void bluez_radio_journal_silence(const char *address, enum source_bluez_silence silence);
