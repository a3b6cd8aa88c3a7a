// SPDX-License-Identifier: MIT
#pragma once
/* The first settings of a gateway: its names, its broker, and how it logs in there. */
#include "ctl/ctl.h"

/* An exit status. */
int setup_gateway_run(struct ctl *ctl);
