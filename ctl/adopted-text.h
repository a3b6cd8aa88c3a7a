// SPDX-License-Identifier: MIT
#pragma once
/* The text of a drop-in of coxactl: sections of keys, as it writes them. Pure. */
#include <jansson.h>

enum adopted_text_kind {
	ADOPTED_TEXT_SENSORS, /* [kit ...] and [wearable ...] */
	ADOPTED_TEXT_GATEWAY, /* [gateway] and [mqtt] */
};

/* {"wearable 3-pelvis": {"address": ...}}, in their order; NULL where a line is none that could have been
 * written here. Returns-owned. */
json_t *adopted_text_parse(enum adopted_text_kind kind, const char *text, size_t size);
/* Returns-owned. */
char *adopted_text_write(enum adopted_text_kind kind, const json_t *sections);
