// SPDX-License-Identifier: MIT
#pragma once
/* Pairing on command, with the passkey shown or asked for. */
#include "ctl/ctl.h"

int verbs_pair_run(struct ctl *ctl, int argc, char **argv);
