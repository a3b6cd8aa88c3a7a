// SPDX-License-Identifier: MIT
#pragma once
/* The way to the broker, with the will that is left there. */
#include "daemon/main/manager-private.h"

/* The user of ops is the manager. -errno, which was logged. */
int manager_broker_open(struct manager *m, const char *directory, const struct sink_mqtt_ops *ops);
