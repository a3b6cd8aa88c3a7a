// SPDX-License-Identifier: MIT
#include "coxad/base/reason.h"

const char *reason_to_string(enum reason reason)
{
	switch (reason) {
#define REASON_CASE(id, name)                                                                      \
	case REASON_##id:                                                                          \
		return name;
		REASON_LIST(REASON_CASE)
#undef REASON_CASE
	case REASON_COUNT:
		break;
	}
	return "unknown";
}
