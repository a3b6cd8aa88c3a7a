// SPDX-License-Identifier: MIT
#pragma once
/* Kits and wearables that were added, removed, replaced or moved in the configuration. Nothing changes
 * for a kit that the change does not mention. */
#include "coxad/config/conf-merge.h"
#include "coxad/flow/pipeline.h"

/* After conf_reload_adopt(). */
void pipeline_reconfigure(
	struct pipeline *pipeline, int64_t now_us, const struct conf_change *change);
