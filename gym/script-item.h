// SPDX-License-Identifier: MIT
#pragma once
/* The lines of a timeline. */
#include "gym/script-reader.h"

/* Reads the line into the last item of the script. athlete: whose timeline; SIZE_MAX the room's. */
int script_item_read(struct script_reader *reader, size_t athlete);
