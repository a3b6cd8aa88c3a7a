// SPDX-License-Identifier: MIT
#pragma once
/* The indented lines of an athlete, a kit and a wearable. */
#include "gym/script-reader.h"

extern const struct script_wearable script_section_wearable_defaults;

int script_section_athlete(struct script_reader *reader, struct script_athlete *athlete);
int script_section_kit(struct script_reader *reader, struct script_kit *kit);
int script_section_wearable(struct script_reader *reader, struct script_wearable *w);
