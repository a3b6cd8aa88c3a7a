// SPDX-License-Identifier: MIT
#pragma once
/* Orders of the brain: a write to a wearable that this radio serves. */
#include "daemon/main/radio-private.h"

void radio_obey(struct radio *radio, const char *text, size_t size);
