// SPDX-License-Identifier: MIT
#include "daemon/main/replay-event.h"

#include <errno.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-part.h"
#include "coxad/config/conf-reload.h"
#include "coxad/flow/gateway-reconfigure.h"

static void on_refused(void *user, const char *name, const char *reason)
{
	const struct replay_event *to = user;
	_auto_free_ char *text = alloc_printf("config: %s %s", name, reason);

	source_replay_fail(to->source, text);
}

static int read_part(
	const struct replay_event *to, const struct capture_event *event, struct conf **ret)
{
	_auto_free_ struct conf_errors *errors = new0(struct conf_errors);
	const struct conf_part part = {event->text, event->text_size, event->config_hash};
	int r = conf_part_read(to->conf, &part, ret, errors);

	if (r < 0)
		source_replay_fail(to->source, errors->text[0]);
	conf_errors_done(errors);
	return r;
}

static int reconfigure(const struct replay_event *to, const struct capture_event *event)
{
	_auto_free_ struct conf_change *change = new0(struct conf_change);
	struct conf *fresh = NULL;
	int r = read_part(to, event, &fresh);

	if (r == 0 && conf_reload_refused(to->conf, fresh, event->t_us, on_refused, (void *)to) > 0)
		r = -EINVAL;
	if (r == 0)
		gateway_reconfigure(to->gateway, event->t_us, fresh, change);
	conf_merge_done(change);
	conf_free(fresh);
	return r;
}

int replay_event_take(const struct replay_event *to, const struct capture_event *event)
{
	if (event->kind == CAPTURE_CONFIG)
		return reconfigure(to, event);
	gateway_event(to->gateway, event, NULL);
	return 0;
}
