// SPDX-License-Identifier: MIT
#pragma once
/* Kits and wearables of a changed configuration, put into the running one. Everything that runs refers to
 * them by index, so an index never changes its meaning: what is removed leaves a tombstone, which a new
 * one may replace only when nothing that is still to be told refers to it. Kits are the same by their
 * names, wearables by address and driver: another sensor under the old name is a new wearable. Pure.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/conf.h"

/* A pop is final after 120 s at most, unless analysis says otherwise; then nobody reads its kit. */
#define CONF_MERGE_HELD_US (180 * INT64_C(1000000))

enum conf_fate { CONF_FATE_SAME, CONF_FATE_CHANGED, CONF_FATE_ADDED, CONF_FATE_REMOVED };

/* By index. Owns the texts of what was replaced, so that whoever points to them can still let go. */
struct conf_change {
	enum conf_fate kit[CONF_KITS_MAX], wearable[CONF_WEARABLES_MAX];
	struct kit_conf kit_before[CONF_KITS_MAX];
	struct wearable_conf wearable_before[CONF_WEARABLES_MAX];
};

/* Calls `each` with the name of each kit and wearable for which there is no place yet. Returns how many. */
size_t conf_merge_refused(const struct conf *running, const struct conf *fresh, int64_t now_us,
	void (*each)(void *user, const char *name), void *user);
/* Only if nothing is refused. Takes the entries of `fresh`, which can then only be freed. */
void conf_merge(struct conf *running, struct conf *fresh, int64_t now_us, struct conf_change *ret);
void conf_merge_done(struct conf_change *change);
/* True if any kit or wearable was. */
bool conf_merge_is_any(const struct conf_change *change);
/* What was added, replaced, changed and removed, in words; NULL: nothing. Returns-owned. */
char *conf_merge_describe(const struct conf *running, const struct conf_change *change);
