// SPDX-License-Identifier: MIT
#pragma once
/* Names of kits, wearables and athletes that coxad knows now, and the one that was perhaps meant. */
#include <jansson.h>

#include "ctl/ctl.h"

enum names_kind { NAMES_KIT, NAMES_WEARABLE, NAMES_ATHLETE, NAMES_KIND_COUNT };

/* All of them as {kind: [name, ...]} of `states` (Status()), sorted. Returns-owned. */
json_t *names_of(const json_t *states);
const char *names_kind(enum names_kind kind);
/* To standard error, after a refusal with this code: "did you mean ...?". Asks coxad. */
void names_suggest(struct ctl *ctl, const char *error, const json_t *payload);
/* The same for a name that is none of `names` (of names_of). */
void names_suggest_any(const json_t *names, const char *name);
