// SPDX-License-Identifier: MIT
#pragma once
/* What coxad --print-config says. */

/* "#broker =" is unset, "broker = x" is not. Returns-owned, or NULL. */
char *printed_value(const char *printed, const char *section, const char *key);
