// SPDX-License-Identifier: MIT
#include "daemon/mqtt/connection-conf.h"

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

struct outbox_limits connection_conf_limits(const struct conf *conf)
{
	return (struct outbox_limits){.max_events = conf->outbox.max_events,
		.max_bytes = conf->outbox.max_bytes,
		.max_age_us = (int64_t)(conf->outbox.max_age_s * US_PER_S)};
}

static const char *or_none(const char *text)
{
	return text ? text : "";
}

char *connection_conf_fingerprint(const struct conf *conf)
{
	return alloc_printf("%s\n%s\n%u\n%s\n%s\n%s\n%s\n%s\n%s\n%s", or_none(conf->mqtt.broker),
		or_none(conf->mqtt.base), conf->mqtt.version, or_none(conf->mqtt.client_id),
		or_none(conf->mqtt.username), or_none(conf->mqtt.password_credential),
		or_none(conf->mqtt.password_file), or_none(conf->mqtt.ca_file),
		or_none(conf->mqtt.certificate_file), or_none(conf->mqtt.key_file));
}
