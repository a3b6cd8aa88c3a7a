// SPDX-License-Identifier: MIT
#include "daemon/main/manager-reload.h"

#include <stdio.h>
#include <string.h>

#include "coxad/config/conf-reload.h"
#include "daemon/main/check-config.h"
#include "daemon/main/conf-files.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/notify.h"

static void take_over(struct manager *m, const struct conf *fresh)
{
	int r;

	conf_reload_adopt(m->conf, fresh);
	if (m->source)
		source_bluez_reload(m->source);
	if (m->mqtt && fresh->mqtt.broker && (r = sink_mqtt_reload(m->mqtt, fresh)) < 0)
		journal_write(LOG_ERR, "broker",
			"cannot use the new broker settings, keeping the previous connection: %s",
			strerror(-r));
	gateway_reconfigured(m->gateway, clock_now_us());
	check_config_log(m->conf);
	journal_write(LOG_NOTICE, "config", "reloaded, config_hash %s", m->conf->hash);
}

static void report_refused(void *user, const char *name)
{
	journal_write(LOG_ERR, "config", "not reloaded: %s changed, which needs a restart", name);
}

bool manager_reload(struct manager *m)
{
	struct conf *fresh = NULL;
	bool is_taken = false;

	notify_reloading();
	if (conf_files_load(m->options->config, m->options->has_config, stderr, &fresh) < 0) {
		journal_write(LOG_ERR, "config",
			"not reloaded: the configuration has errors (see coxad --check-config); "
			"keeping the previous one");
	} else if (conf_reload_refused(m->conf, fresh, report_refused, NULL) > 0) {
		journal_write(LOG_ERR, "config", "the previous configuration stays in force");
	} else {
		take_over(m, fresh);
		is_taken = true;
	}
	conf_free(fresh);
	notify_ready();
	return is_taken;
}
