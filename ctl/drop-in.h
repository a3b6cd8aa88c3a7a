// SPDX-License-Identifier: MIT
#pragma once
/* A drop-in that coxactl writes: coxad.conf.d/50-adopted.conf with kits and wearables that were adopted, or
 * 50-setup.conf with the gateway's own settings. The running coxad never sees half of it: it is checked first
 * together with the rest of the configuration, then renamed into its place, and put back if the reload is
 * refused. Errors are told.
 */
#include <jansson.h>
#include <stdbool.h>

#include "ctl/drop-in-text.h"
#include "ctl/ctl.h"

struct drop_in {
	enum drop_in_text_kind kind;
	char *config, *folder; /* coxad.conf and its coxad.conf.d */
	int lock;              /* on the folder: who changes it does so alone */
	json_t *sections;      /* {"wearable 3-pelvis": {"address": ...}}, in their order */
};

/* An exit status; CTL_OK needs drop_in_close. The usual file if ctl->config is NULL. */
int drop_in_open(struct ctl *ctl, enum drop_in_text_kind kind, struct drop_in *ret);
void drop_in_close(struct drop_in *drop_in);
/* kind: "kit", "wearable"; or "gateway", "mqtt", whose name is NULL. Copies. */
void drop_in_set(struct drop_in *drop_in, const char *kind, const char *name, const char *key,
	const char *value);
/* kind: one without a name. */
void drop_in_unset(struct drop_in *drop_in, const char *kind, const char *key);
bool drop_in_has(const struct drop_in *drop_in, const char *kind, const char *name);
/* The wearable stands here alone: no other file has more of it than what was replaced. */
bool drop_in_is_whole(const struct drop_in *drop_in, const char *name);
void drop_in_remove(struct drop_in *drop_in, const char *kind, const char *name);
/* Checks what would be. ret NULL, or *ret is what coxad --print-config says of it, returns-owned. The draft stays
 * for drop_in_put, until drop_in_discard. */
int drop_in_check(const struct drop_in *drop_in, char **ret);
/* Renames what was checked into its place. */
int drop_in_put(const struct drop_in *drop_in);
void drop_in_discard(const struct drop_in *drop_in);
/* Checks, writes and reloads. An exit status; what is on disk and in force is as before unless CTL_OK, or
 * CTL_UNAVAILABLE, when coxad went away after it was written. */
int drop_in_apply(struct ctl *ctl, struct drop_in *drop_in);
