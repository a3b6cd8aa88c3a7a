// SPDX-License-Identifier: MIT
#pragma once
/* Makes the files of a backup ready beside their places, and plans how they get there. What is there before is
 * kept beside them as NAME.before-DATE. */
#include <stdint.h>

#include "ctl/backup-place.h"
#include "ctl/backup-read.h"
#include "ctl/restore-plan.h"

struct restore_stage {
	const char *archive;             /* the backup */
	const struct backup_place *here; /* as this machine is now */
	struct backup_place there;       /* as the backup says */
	struct restore_plan plan;
	json_t *unpaired; /* [names]: wearables whose keys belong to an adapter that is not here */
	size_t n_bonds;   /* that are put in place */
	char *config, *state, *bluetooth; /* where they are made ready */
};

/* Checks all of it, and the configuration and databases by coxad itself. What is wrong, returns-owned; NULL:
 * nothing, and all is ready. Nothing in use has changed. now_us: by the wall clock. */
char *restore_stage_make(struct restore_stage *stage, int64_t now_us);
void restore_stage_done(struct restore_stage *stage);
