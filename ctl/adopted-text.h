// SPDX-License-Identifier: MIT
#pragma once
/* The text of 50-adopted.conf: sections of keys, as coxactl writes them. Pure. */
#include <jansson.h>

/* {"wearable 3-pelvis": {"address": ...}}, in their order; NULL where a line is none that could have been
 * written here. Returns-owned. */
json_t *adopted_text_parse(const char *text, size_t size);
/* Returns-owned. */
char *adopted_text_write(const json_t *sections);
