// SPDX-License-Identifier: MIT
#include "daemon/main/manager-private.h"

#include <stdio.h>
#include <string.h>

#include "daemon/main/conf-files.h"
#include "coxad/loop/notify.h"

/* Values that a running system can take; the rest needs a restart. */
static void adopt(struct conf *into, const struct conf *from)
{
	into->analysis = from->analysis;
	into->mqtt.posture_rate_hz = from->mqtt.posture_rate_hz;
	into->mqtt.stats_interval_s = from->mqtt.stats_interval_s;
	into->bluetooth.slots = from->bluetooth.slots;
	into->bluetooth.notify = from->bluetooth.notify;
	memcpy(into->hash, from->hash, sizeof(into->hash));
}

void manager_reload(struct manager *m)
{
	struct conf *fresh = NULL;
	int r;

	notify_reloading();
	if (conf_files_load(m->options->config, m->options->has_config, stderr, &fresh) < 0) {
		journal_write(LOG_ERR, "config", "not reloaded: the old configuration stays");
	} else if (!conf_files_is_same_room(m->conf, fresh)) {
		journal_write(LOG_ERR, "config",
			"not reloaded: kits, wearables, adapters and names change at a restart "
			"only");
	} else {
		adopt(m->conf, fresh);
		if (m->source)
			source_bluez_reload(m->source, m->conf);
		if (m->mqtt && fresh->mqtt.broker && (r = sink_mqtt_reload(m->mqtt, fresh)) < 0)
			journal_write(LOG_ERR, "broker", "the session of before goes on: %s",
				strerror(-r));
		gateway_reconfigured(m->gateway, loop_now_us());
		manager_arm(m);
		journal_write(LOG_NOTICE, "config", "reloaded, config_hash %s", m->conf->hash);
	}
	conf_free(fresh);
	notify_ready();
}
