// SPDX-License-Identifier: MIT
#include "coxad/core/fleet/radio-reason.h"

#include <stddef.h>

const char *radio_reason_to_string(enum radio_reason reason)
{
	switch (reason) {
#define RADIO_REASON_CASE(id, name)                                                                \
	case RADIO_REASON_##id:                                                                    \
		return name;
		RADIO_REASON_LIST(RADIO_REASON_CASE)
#undef RADIO_REASON_CASE
	case RADIO_REASON_COUNT:
		break;
	}
	return NULL;
}
