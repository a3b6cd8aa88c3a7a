// SPDX-License-Identifier: MIT
#pragma once
/* An event as one line for people. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* What one says of it, returns-owned; NULL: nothing. payload NULL: the topic was removed. */
char *watch_event_text(const char *topic, const json_t *payload);
/* False: nothing that anyone reads as a line (samples, states that have not changed). `known` is an
 * object of the caller's, at first empty, that remembers states. */
bool watch_event_print(json_t *known, const char *topic, const json_t *payload, FILE *file);
