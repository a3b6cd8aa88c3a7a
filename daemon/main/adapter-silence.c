// SPDX-License-Identifier: MIT
#include "daemon/main/adapter-silence.h"

void adapter_silence_describe(
	struct adapter_silence *ret, const char *address, enum source_bluez_silence silence)
{
	static const char *const text[] = {
		[SOURCE_BLUEZ_SILENCE_BEGUN] =
			"This Bluetooth adapter does not answer. Its wearables go to another one, if "
			"there is any; then it is switched off and on.",
		[SOURCE_BLUEZ_SILENCE_LASTING] =
			"This Bluetooth adapter does not answer, and switching it off and on does not "
			"help. Until somebody unplugs it and plugs it in again, or restarts "
			"bluetooth.service, the other adapters may find no wearables either.",
	};

	address_shorten(address, ret->subject);
	ret->report = (struct health_report){HEALTH_ADAPTER_SILENT, ret->subject, text[silence]};
}
