// SPDX-License-Identifier: MIT
#include "config.h"

#include "daemon/main/manager-broker.h"

#include <string.h>

#include "coxad/loop/clock.h"

int manager_broker_open(struct manager *m, const char *directory, const struct sink_mqtt_ops *ops)
{
	struct wall_clock clock = {0};
	struct message_encoder *encoder;
	struct gateway_status offline = {
		.is_online = false, .since_us = clock_now_us(), .version = PACKAGE_VERSION};
	struct message will;
	struct sink_mqtt_options sink = {.tracer = m->options->tracer,
		.conf = m->conf,
		.store_thread = m->store_thread,
		.ahead = m->ahead,
		.state_directory = directory,
		.will = &will};
	int r;

	wall_clock_set(&clock, clock_now_us(), clock_wall_us());
	encoder = message_encoder_new(m->conf, &clock, m->run, 1);
	r = message_encode_status(encoder, clock_now_us(), &offline, &will);
	if (r >= 0)
		r = sink_mqtt_new(loop_event(m->loop), &sink, ops, m, &m->mqtt);
	message_encoder_free(encoder);
	if (r >= 0)
		sink_mqtt_hold(m->mqtt, m->conf->gateway.role == GATEWAY_ROLE_BRAIN);
	if (r < 0)
		journal_write(LOG_ERR, "broker", "%s: %s", m->conf->mqtt.broker, strerror(-r));
	return r;
}
