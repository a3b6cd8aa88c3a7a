// SPDX-License-Identifier: MIT
#pragma once
/* What takes more than a row of the table in 05-scripted.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

extern const struct CMUnitTest scripted_stories[];
extern const size_t scripted_stories_n;
