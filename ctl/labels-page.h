// SPDX-License-Identifier: MIT
#pragma once
/* Labels to print and stick on wearables: one page of HTML that needs nothing else. Pure but for the file. */
#include <jansson.h>
#include <stdio.h>

/* wearables: {name, kit, placement} each, as the inventory has them. No athlete is named: the next one wears the
 * same sensor. */
void labels_page_print(FILE *file, const json_t *wearables);
