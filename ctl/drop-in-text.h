// SPDX-License-Identifier: MIT
#pragma once
/* The text of a drop-in of coxactl: sections of keys, as it writes them. Pure. */
#include <jansson.h>

enum drop_in_text_kind {
	DROP_IN_TEXT_SENSORS, /* [kit ...] and [wearable ...] */
	DROP_IN_TEXT_GATEWAY, /* [gateway] and [mqtt] */
};

/* {"wearable 3-pelvis": {"address": ...}}, in their order; NULL where a line is none that could have been
 * written here. Returns-owned. */
json_t *drop_in_text_parse(enum drop_in_text_kind kind, const char *text, size_t size);
/* Returns-owned. */
char *drop_in_text_write(enum drop_in_text_kind kind, const json_t *sections);
