// SPDX-License-Identifier: MIT
#pragma once
/* Many files that change together, in folders of different disks: each new one lies ready beside its place, and
 * the plan, once it is on disk, is carried out by whoever comes first, as often as it takes. Until then nothing
 * has changed. coxad does not start while there is a plan: daemon/main/restore-guard.c.
 */
#include <jansson.h>
#include <stdbool.h>

struct restore_plan {
	char *folder;    /* CONFIG.restore, which has the plan */
	json_t *moves;   /* [{from, to, aside}]; from "": what is at `to` is only put aside */
	json_t *folders; /* what is removed in the end */
};

/* config: the file. Nothing is written. */
void restore_plan_begin(struct restore_plan *plan, const char *config);
void restore_plan_done(struct restore_plan *plan);
void restore_plan_move(
	struct restore_plan *plan, const char *from, const char *to, const char *aside);
/* A folder of files that were made ready, or of such folders: removed when all is done. */
void restore_plan_folder(struct restore_plan *plan, const char *path);
/* A folder and all in it, if it is there. */
void restore_plan_remove(const char *path);
/* The plan is on disk: there is no way back. -errno: nothing has changed. */
int restore_plan_commit(const struct restore_plan *plan);
/* Of an earlier run; -ENOENT: none. -EBADMSG. */
int restore_plan_load(struct restore_plan *plan);
/* -errno: what is left is done by the next one. */
int restore_plan_carry_out(const struct restore_plan *plan);
/* What was made ready in vain, in the folders of the plan. */
void restore_plan_clean(const struct restore_plan *plan);
