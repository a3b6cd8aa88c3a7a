// SPDX-License-Identifier: MIT
#include "daemon/main/manager-reload.h"

#include <stdio.h>
#include <string.h>

#include "daemon/main/conf-files.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/notify.h"

/* What can change while running; the rest needs a restart. */
static void adopt(struct conf *into, const struct conf *from)
{
	into->analysis = from->analysis;
	into->mqtt.posture_rate_hz = from->mqtt.posture_rate_hz;
	into->mqtt.stats_interval_s = from->mqtt.stats_interval_s;
	into->bluetooth.slots = from->bluetooth.slots;
	into->bluetooth.notify = from->bluetooth.notify;
	memcpy(into->hash, from->hash, sizeof(into->hash));
}

static void take_over(struct manager *m, const struct conf *fresh)
{
	int r;

	adopt(m->conf, fresh);
	if (m->source)
		source_bluez_reload(m->source);
	if (m->mqtt && fresh->mqtt.broker && (r = sink_mqtt_reload(m->mqtt, fresh)) < 0)
		journal_write(LOG_ERR, "broker", "keeping the previous broker connection: %s",
			strerror(-r));
	gateway_reconfigured(m->gateway, clock_now_us());
	journal_write(LOG_NOTICE, "config", "reloaded, config_hash %s", m->conf->hash);
}

bool manager_reload(struct manager *m)
{
	struct conf *fresh = NULL;
	bool is_taken = false;

	notify_reloading();
	if (conf_files_load(m->options->config, m->options->has_config, stderr, &fresh) < 0) {
		journal_write(LOG_ERR, "config",
			"not reloaded: errors in the configuration, the previous one stays in force");
	} else if (!conf_files_is_reloadable(m->conf, fresh)) {
		journal_write(LOG_ERR, "config",
			"not reloaded: changes of kits, wearables, adapters or names need a "
			"restart");
	} else {
		take_over(m, fresh);
		is_taken = true;
	}
	conf_free(fresh);
	notify_ready();
	return is_taken;
}
