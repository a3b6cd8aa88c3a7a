// SPDX-License-Identifier: MIT
#pragma once
/* An adapter that does not answer, in words. */
#include "coxad/base/address.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/core/health.h"

struct adapter_silence {
	char subject[ADDRESS_SHORT_SIZE];
	struct health_report report; /* points to the subject */
};

void adapter_silence_describe(
	struct adapter_silence *ret, const char *address, enum source_bluez_silence silence);
