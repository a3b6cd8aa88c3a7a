// SPDX-License-Identifier: MIT
#pragma once
/* A whole class in one line of a script: athletes, each with a kit of three wearables, who train. */
#include "gym/script-reader.h"

/* After the word `class`: ATHLETES [sets N] [anyhow]. The last is how they strap on their thigh sensors:
 * turned at random, the seed's. */
int script_class_read(struct script_reader *reader);
