// SPDX-License-Identifier: MIT
#pragma once
/* What the kernel has written about Bluetooth adapters. Mostly root alone may read it; others are told
 * nothing. */
#include <stdint.h>

#include "ctl/doctor.h"

void doctor_kernel_check(struct doctor *doctor);
/* A record as /dev/kmsg has it, or several: changes the text. */
void doctor_kernel_take(struct doctor *doctor, char *text, int64_t now_us);
