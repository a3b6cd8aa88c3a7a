// SPDX-License-Identifier: MIT
#pragma once
/* What coxactl says of the radios of a gym, by gateway/<name>/radios. */
#include <jansson.h>
#include <stdio.h>

/* After the rest of the status; nothing, where the gateway has no radios. */
void radios_print(const json_t *states, FILE *file);
