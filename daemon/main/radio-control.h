// SPDX-License-Identifier: MIT
#pragma once
/* What a radio does when somebody asks over D-Bus: it tells how it is, pairs wearables with its adapters, and is
 * reloaded. The rest is for the brain. */
#include "daemon/main/radio-private.h"

/* As on SIGHUP; `each` is told what is refused, and why. */
typedef int radio_control_reload(struct radio *radio,
	void (*each)(void *user, const char *name, const char *why), void *user);

/* Without a bus the radio runs on. -errno. */
int radio_control_start(struct radio *radio, radio_control_reload *reload);
void radio_control_stop(struct radio *radio);
