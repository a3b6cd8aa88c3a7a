// SPDX-License-Identifier: MIT
#pragma once
/* Where a coxad has its files, as its configuration says. Owns the strings. */
#include <jansson.h>

struct backup_place {
	char *config;      /* and CONFIG.d */
	char *state;       /* the state directory */
	char *bluetooth;   /* BlueZ's, with its bonds */
	json_t *wearables; /* {address: name} */
};

/* config NULL: the usual file. 0; -EINVAL: coxad does not take it, and *ret_errors is what it says,
 * returns-owned; -ENOENT: there is no coxad to ask. The place is usable all the same. */
int backup_place_find(struct backup_place *place, const char *config, char **ret_errors);
void backup_place_done(struct backup_place *place);
