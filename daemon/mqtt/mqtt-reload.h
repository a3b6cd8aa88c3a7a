// SPDX-License-Identifier: MIT
#pragma once
/* Whether a connection is to be made by new settings. */
#include "daemon/mqtt/mqtt.h"

/* 1: it is. 0: they are those of the connection that there is. -errno: no connection can be made by
 * them, as the journal says; one that works is not given up for them. mqtt NULL: there is none. */
int mqtt_reload_check(const struct mqtt *mqtt, const struct mqtt_settings *settings);
