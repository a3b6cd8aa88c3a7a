// SPDX-License-Identifier: MIT
#pragma once
/* Records as JSON lines, to show what a driver made of a packet. Pure. */
#include "coxad/core/record.h"

/* Both: one line without its newline, returns-owned; NULL if out of memory. */
char *record_print(const struct record *record);
/* In place of a record: why the bytes gave none, a code. */
char *record_print_refusal(const char *reason);
