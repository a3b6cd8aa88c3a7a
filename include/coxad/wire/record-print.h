// SPDX-License-Identifier: MIT
#pragma once
/* Records as JSON lines, for whoever wants to see what a driver made of a packet. Pure. */
#include "coxad/core/record.h"

/* Both: one line without its newline, returns-owned; NULL where there is no memory. */
char *record_print(const struct record *record);
/* In place of a record: why the bytes gave none. */
char *record_print_refusal(const char *reason);
