// SPDX-License-Identifier: MIT
#pragma once
/* wearable/<name>/live: what each wearable of a kit says, five times a second, while somebody watches.
 * Pure: the time is that of the events, so that a replay gives the same.
 */
struct gateway;

/* For so many seconds from now, at most COMMAND_WATCH_MAX_S; one that lasts longer stays. -ENOENT: no
 * such kit. */
int gateway_watch(struct gateway *gateway, const char *kit, unsigned seconds);
