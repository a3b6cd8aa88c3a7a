// SPDX-License-Identifier: MIT
#pragma once
/* What a running coxad takes of a changed configuration. Each key of the table is either taken or
 * refused by its name. Pure.
 */
#include <stddef.h>

#include "coxad/config/conf.h"

#define CONF_RELOAD_NAME_SIZE 128

/* Calls `each` for each difference that needs a restart, like "pairing in [bluetooth]". Returns how
 * many. */
size_t conf_reload_refused(const struct conf *running, const struct conf *fresh,
	void (*each)(void *user, const char *name), void *user);
/* Takes everything else, and the hash. Only if nothing is refused. */
void conf_reload_adopt(struct conf *running, const struct conf *fresh);
