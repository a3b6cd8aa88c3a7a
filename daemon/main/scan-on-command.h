// SPDX-License-Identifier: MIT
#pragma once
/* Looking for new wearables for somebody who asks over D-Bus, for struct control_ops. */
#include "coxad/bluez/source-bluez.h"

/* JSON, returns-owned. */
char *scan_on_command(struct source_bluez *source, unsigned seconds);
