// SPDX-License-Identifier: MIT
#pragma once
/* What the kernel has written about Bluetooth adapters. Mostly root alone may read it; others are told
 * nothing. */
#include "ctl/doctor.h"

void doctor_kernel_check(struct doctor *doctor);
