// SPDX-License-Identifier: MIT
#pragma once
/* A drop-in that coxactl writes: coxad.conf.d/50-adopted.conf with kits and wearables that were adopted, or
 * 50-setup.conf with the gateway's own settings. The running coxad never sees half of it: it is checked first
 * together with the rest of the configuration, then renamed into its place, and put back if the reload is
 * refused. Errors are told.
 */
#include <jansson.h>
#include <stdbool.h>

#include "ctl/adopted-text.h"
#include "ctl/ctl.h"

struct adopted {
	enum adopted_text_kind kind;
	char *config, *folder; /* coxad.conf and its coxad.conf.d */
	int lock;              /* on the folder: who changes it does so alone */
	json_t *sections;      /* {"wearable 3-pelvis": {"address": ...}}, in their order */
};

/* An exit status; CTL_OK needs adopted_close. The usual file if ctl->config is NULL. */
int adopted_open(struct ctl *ctl, enum adopted_text_kind kind, struct adopted *ret);
void adopted_close(struct adopted *adopted);
/* kind: "kit", "wearable"; or "gateway", "mqtt", whose name is NULL. Copies. */
void adopted_set(struct adopted *adopted, const char *kind, const char *name, const char *key,
	const char *value);
/* kind: one without a name. */
void adopted_unset(struct adopted *adopted, const char *kind, const char *key);
bool adopted_has(const struct adopted *adopted, const char *kind, const char *name);
/* The wearable stands here alone: no other file has more of it than what was replaced. */
bool adopted_is_whole(const struct adopted *adopted, const char *name);
void adopted_remove(struct adopted *adopted, const char *kind, const char *name);
/* Checks what would be. ret NULL, or *ret is what coxad --print-config says of it, returns-owned. The draft stays
 * for adopted_put, until adopted_drop. */
int adopted_check(const struct adopted *adopted, char **ret);
/* Renames what was checked into its place. */
int adopted_put(const struct adopted *adopted);
void adopted_drop(const struct adopted *adopted);
/* Checks, writes and reloads. An exit status; what is on disk and in force is as before unless CTL_OK, or
 * CTL_UNAVAILABLE, when coxad went away after it was written. */
int adopted_apply(struct ctl *ctl, struct adopted *adopted);
