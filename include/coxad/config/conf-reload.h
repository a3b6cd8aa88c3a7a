// SPDX-License-Identifier: MIT
#pragma once
/* What a running coxad takes of a changed configuration: kits, wearables and each key of the table is
 * either taken or refused by its name. Pure.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/conf-merge.h"
#include "coxad/config/conf.h"

#define CONF_RELOAD_NAME_SIZE 128

/* "site in [gateway]", "changed, which needs a restart". Borrowed during the call. */
typedef void conf_reload_refusal(void *user, const char *name, const char *reason);

/* Calls `each` for each difference that cannot be taken now. Returns how many. */
size_t conf_reload_refused(const struct conf *running, const struct conf *fresh, int64_t now_us,
	conf_reload_refusal *each, void *user);
/* Takes everything else, and the hash. Only if nothing is refused. `fresh` can then only be freed;
 * *ret is to be given to conf_merge_done(). */
void conf_reload_adopt(
	struct conf *running, struct conf *fresh, int64_t now_us, struct conf_change *ret);
