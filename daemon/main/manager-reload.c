// SPDX-License-Identifier: MIT
#include "daemon/main/manager-reload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-print.h"
#include "coxad/config/conf-reload.h"
#include "coxad/flow/gateway-reconfigure.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/notify.h"
#include "daemon/main/check-config.h"
#include "daemon/main/conf-files.h"
#include "daemon/main/manager-fleet.h"
#include "daemon/main/manager-record.h"
#include "daemon/main/manager-status.h"
#include "daemon/main/manager-timer.h"

struct refusal {
	manager_reload_refused *each; /* NULL: nobody wants to know */
	void *user;
};

/* So that a replay does the same. */
static void record(struct manager *m, const struct conf *fresh)
{
	_auto_free_ char *text = NULL;

	if ((!m->recorder && !m->asked) || strcmp(m->conf->hash, fresh->hash) == 0)
		return;
	text = conf_print_part(fresh);
	manager_record_put(m, &(struct capture_event){.kind = CAPTURE_CONFIG,
				      .t_us = m->last_us,
				      .text = text,
				      .text_size = strlen(text),
				      .config_hash = fresh->hash});
}

static void reload_broker(struct manager *m)
{
	int r = m->mqtt && m->conf->mqtt.broker ? sink_mqtt_reload(m->mqtt, m->conf) : 0;

	if (r < 0)
		journal_write(LOG_ERR, "broker",
			"cannot use the new broker settings, keeping the previous connection: %s",
			strerror(-r));
}

static void tell_change(const struct manager *m, const struct conf_change *change)
{
	_auto_free_ char *words = conf_merge_describe(m->conf, change);

	journal_write(LOG_NOTICE, "config", "reloaded%s%s, config_hash %s", words ? ": " : "",
		words ? words : "", m->conf->hash);
}

static void take_over(struct manager *m, struct conf *fresh)
{
	_auto_free_ struct conf_change *change = new0(struct conf_change);

	record(m, fresh);
	gateway_reconfigure(m->gateway, m->last_us, fresh, change);
	manager_timer_arm(m);
	if (m->source)
		source_bluez_reload(m->source, change);
	manager_fleet_reload(m, change);
	reload_broker(m);
	manager_status_follow(m, change);
	check_config_log(m->conf);
	tell_change(m, change);
	conf_merge_done(change);
}

static void tell(const struct refusal *refusal, const char *name, const char *reason)
{
	if (refusal->each)
		refusal->each(refusal->user, name, reason);
}

static void on_refused(void *user, const char *name, const char *reason)
{
	journal_write(LOG_ERR, "config", "not reloaded: %s %s", name, reason);
	tell(user, name, reason);
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
	if (m->last_us < clock_now_us())
		m->last_us = clock_now_us();
	if (r == 0 && conf_reload_refused(m->conf, fresh, m->last_us, on_refused, &refusal) > 0) {
		journal_write(LOG_ERR, "config", "the previous configuration stays in force");
		r = -EPERM;
	}
	if (r == 0)
		take_over(m, fresh);
	conf_free(fresh);
	notify_ready();
	return r;
}
