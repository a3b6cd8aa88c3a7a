// SPDX-License-Identifier: MIT
#pragma once
/* The sink with other waits than a gym's: for tests, which have no half minute. */
#include "coxad/mqtt/sink-mqtt.h"
#include "daemon/mqtt/mqtt.h"

int sink_mqtt_new_timed(sd_event *loop, const struct conf *conf, const char *state_directory,
	const struct message *will, const struct mqtt_timing *timing,
	const struct sink_mqtt_ops *ops, void *user, struct sink_mqtt **ret);
