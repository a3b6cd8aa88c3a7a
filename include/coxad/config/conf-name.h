// SPDX-License-Identifier: MIT
#pragma once
#include <stdbool.h>

/* True for a name of an athlete, kit, wearable, site or gateway: UTF-8, 1 to 32 bytes, without
 * / + # or a space at an end, all of its characters can be seen (coxad/base/text.h), so that it can
 * be one level of a topic. */
bool conf_name_is_valid(const char *text);
