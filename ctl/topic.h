// SPDX-License-Identifier: MIT
#pragma once
/* Topics as coxad tells them, without the base: "wearable/3-pelvis/status". And members of payloads
 * that may be anything. Pure. */
#include <jansson.h>
#include <stdbool.h>

#define TOPIC_NAME_SIZE 128

/* The first and the last level are these. */
bool topic_is(const char *topic, const char *first, const char *last);
/* What is between them. */
bool topic_name(const char *topic, char ret[static TOPIC_NAME_SIZE]);
/* A member that is a text; "-" where there is none. Borrowed. */
const char *topic_text(const json_t *payload, const char *key);
/* NAN where there is none. */
double topic_number(const json_t *payload, const char *key);
