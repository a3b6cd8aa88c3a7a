// SPDX-License-Identifier: MIT
#pragma once
/* What coxad hears of wearables that nobody has adopted. Looking ends by itself a little later. */
#include <jansson.h>

#include "ctl/ctl.h"

/* Looks for so long, at most 60 s, and returns the candidates, the nearest first. *ret is returns-owned. An
 * exit status. */
int nearby_look(struct ctl *ctl, unsigned seconds, json_t **ret);
/* The nearest first. Returns-owned. */
json_t *nearby_sorted(const json_t *candidates);
/* -128: unknown. */
double nearby_rssi_dbm(const json_t *candidate);
