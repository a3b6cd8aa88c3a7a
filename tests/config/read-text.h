// SPDX-License-Identifier: MIT
#pragma once
/* Reads a configuration from a text, and asserts what becomes of it. */
#include <stddef.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf.h"

#define KIT "[kit 9]\nexercise = hang\nathlete = bea\n"
#define HIP "[wearable hip]\naddress = C0:A5:00:00:09:03\nkit = 9\nplacement = hip-left\n"

/* Without errors; the caller frees it. */
struct conf *read_text_good(const char *text);
/* Exactly these errors, in this order. */
void read_text_bad(const char *text, size_t size, const char *const *expected, size_t n);

#define BAD(text, ...)                                                                             \
	do {                                                                                       \
		static const char *const expected_[] = {__VA_ARGS__};                              \
		read_text_bad(text, strlen(text), expected_, ARRAY_LEN(expected_));                \
	} while (0)
