// SPDX-License-Identifier: MIT
#include "coxad/flow/link-error.h"

#include "coxad/base/alloc.h"

const char *link_error_to_string(enum link_error error)
{
	static const char *const text[] = {"none", "failed", "timeout", "in_progress",
		"unknown_object", "not_ready", "not_permitted", "not_supported", "not_connected",
		"no_link", "authentication", "limit", "no_characteristic"};

	return (unsigned)error < ARRAY_LEN(text) ? text[error] : "unknown";
}
