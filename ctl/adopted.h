// SPDX-License-Identifier: MIT
#pragma once
/* The drop-in that coxactl writes, coxad.conf.d/50-adopted.conf: kits and wearables that were adopted. The
 * running coxad never sees half of it: it is checked first together with the rest of the configuration,
 * then renamed into its place, and put back if the reload is refused. Errors are told.
 */
#include <jansson.h>
#include <stdbool.h>

#include "ctl/ctl.h"

struct adopted {
	char *config, *folder; /* coxad.conf and its coxad.conf.d */
	int lock;              /* on the folder: who changes it does so alone */
	json_t *sections;      /* {"wearable 3-pelvis": {"address": ...}}, in their order */
};

/* An exit status; CTL_OK needs adopted_close. The usual file if ctl->config is NULL. */
int adopted_open(struct ctl *ctl, struct adopted *ret);
void adopted_close(struct adopted *adopted);
/* kind: "kit", "wearable". Copies. */
void adopted_set(struct adopted *adopted, const char *kind, const char *name, const char *key,
	const char *value);
bool adopted_has(const struct adopted *adopted, const char *kind, const char *name);
/* The wearable stands here alone: no other file has more of it than what was replaced. */
bool adopted_is_whole(const struct adopted *adopted, const char *name);
void adopted_remove(struct adopted *adopted, const char *kind, const char *name);
/* Checks, writes and reloads. An exit status; what is on disk and in force is as before unless CTL_OK, or
 * CTL_UNAVAILABLE, when coxad went away after it was written. */
int adopted_apply(struct ctl *ctl, struct adopted *adopted);
