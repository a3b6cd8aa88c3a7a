// SPDX-License-Identifier: MIT
#include "daemon/main/manager-reload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-merge.h"
#include "coxad/config/conf-reload.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/notify.h"
#include "daemon/main/check-config.h"
#include "daemon/main/conf-files.h"
#include "daemon/main/manager-timer.h"

struct refusal {
	manager_reload_refused *each; /* NULL: nobody wants to know */
	void *user;
};

static void take_over(struct manager *m, const struct conf *fresh)
{
	int r;

	conf_reload_adopt(m->conf, fresh);
	if (m->source)
		source_bluez_reload(m->source, &(struct conf_change){0});
	if (m->mqtt && fresh->mqtt.broker && (r = sink_mqtt_reload(m->mqtt, fresh)) < 0)
		journal_write(LOG_ERR, "broker",
			"cannot use the new broker settings, keeping the previous connection: %s",
			strerror(-r));
	gateway_reconfigured(m->gateway, clock_now_us());
	manager_timer_arm(m);
	check_config_log(m->conf);
	journal_write(LOG_NOTICE, "config", "reloaded, config_hash %s", m->conf->hash);
}

static void tell(const struct refusal *refusal, const char *name, const char *reason)
{
	if (refusal->each)
		refusal->each(refusal->user, name, reason);
}

static void on_refused(void *user, const char *name)
{
	journal_write(LOG_ERR, "config", "not reloaded: %s changed, which needs a restart", name);
	tell(user, name, "changed, which needs a restart");
}

/* "FILE:LINE: what". */
static void tell_errors(const struct refusal *refusal, const struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++) {
		_auto_free_ char *place = alloc_text(errors->text[i]);
		char *colon = strstr(place, ": ");

		if (colon)
			*colon = '\0';
		tell(refusal, colon ? place : "configuration", colon ? colon + 2 : place);
	}
}

static int load(struct manager *m, const struct refusal *refusal, struct conf **ret)
{
	_auto_free_ struct conf_errors *errors = new0(struct conf_errors);
	int r = conf_files_read(m->options->config, m->options->has_config, errors, ret);

	if (r < 0) {
		conf_files_print(errors, stderr);
		tell_errors(refusal, errors);
		journal_write(LOG_ERR, "config",
			"not reloaded: the configuration has errors (see coxad --check-config); "
			"keeping the previous one");
	}
	conf_errors_done(errors);
	return r;
}

int manager_reload(struct manager *m, manager_reload_refused *refused, void *user)
{
	struct refusal refusal = {refused, user};
	struct conf *fresh = NULL;
	int r;

	notify_reloading();
	r = load(m, &refusal, &fresh);
	if (r == 0 && conf_reload_refused(m->conf, fresh, on_refused, &refusal) > 0) {
		journal_write(LOG_ERR, "config", "the previous configuration stays in force");
		r = -EPERM;
	}
	if (r == 0)
		take_over(m, fresh);
	conf_free(fresh);
	notify_ready();
	return r;
}
