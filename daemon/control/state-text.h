// SPDX-License-Identifier: MIT
#pragma once
/* The retained topics as one JSON object: what follows the base to its payload. Owns the text. */
#include <stddef.h>

#include "coxad/wire/message.h"

struct state_text {
	const char *base; /* borrowed; topics that are not below it are left out */
	char *text;
	size_t size, capacity;
};

/* What follows the base and a slash, or NULL. */
const char *state_text_below(const char *topic, const char *base);
void state_text_begin(struct state_text *state, const char *base);
/* A control_visit_fn, whose visitor is the state_text. */
void state_text_add(void *state, const struct message *message);
/* Returns-owned; the state_text is empty again. */
char *state_text_end(struct state_text *state);
