// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-radio-journal.h"

#include <string.h>

void bluez_radio_journal_off(
	struct journal_limit *limit, const struct bluez_adapter *adapter, const char *error)
{
	const char *state = adapter->power_state;

	if (strstr(state, "blocked"))
		journal_write_limited(limit, LOG_WARNING, "bluez",
			"adapter %s is blocked by rfkill; run `rfkill unblock bluetooth`",
			adapter->address);
	else
		journal_write_limited(limit, LOG_WARNING, "bluez",
			"cannot switch on adapter %s (power state %s): %s", adapter->address,
			state[0] ? state : "unknown", error);
}

void bluez_radio_journal_silence(const char *address, enum source_bluez_silence silence)
{
	static const char *const text[] = {
		[SOURCE_BLUEZ_SILENCE_NONE] = "is no longer silent",
		[SOURCE_BLUEZ_SILENCE_BEGUN] = "is silent: nothing comes from any of its wearables",
		[SOURCE_BLUEZ_SILENCE_LASTING] =
			("is silent and cannot be switched off; unplug it and plug it in again, or "
			 "restart bluetooth.service"),
	};

	journal_write(silence == SOURCE_BLUEZ_SILENCE_NONE ? LOG_NOTICE : LOG_WARNING, "bluez",
		"adapter %s %s", address, text[silence]);
}
