// SPDX-License-Identifier: MIT
#include "coxad/control/control.h"

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "daemon/control/control-admin.h"
#include "daemon/control/control-gateway.h"
#include "daemon/control/control-private.h"

static int on_connected(void *user, sd_bus *bus)
{
	int r = sd_bus_add_object_vtable(
		bus, NULL, CONTROL_BUS_PATH, CONTROL_BUS_GATEWAY, control_gateway_methods, user);

	return r < 0 ? r
		     : sd_bus_add_object_vtable(bus, NULL, CONTROL_BUS_PATH, CONTROL_BUS_ADMIN,
			       control_admin_methods, user);
}

static void on_lost(void *user)
{
	struct control *c = user;

	control_watch_clear(&c->watch);
	control_pending_clear(&c->pending);
	control_record_clear(&c->record);
	control_pair_clear(c);
	control_backup_clear(&c->backup);
	control_erase_clear(&c->erase);
}

static const struct control_bus_ops bus_ops = {.connected = on_connected, .lost = on_lost};

int control_new(sd_event *loop, const struct conf *conf, const struct control_ops *ops, void *user,
	struct control **ret)
{
	struct control *c = new0(struct control);
	int r;

	c->conf = conf;
	c->ops = ops;
	c->user = user;
	c->watch.conf = conf;
	r = control_pending_start(&c->pending, loop, ops->is_safe, user);
	if (r >= 0)
		r = control_record_start(&c->record, loop, ops->record_end, user);
	if (r >= 0)
		r = control_bus_start(&c->bus, loop, &bus_ops, c);
	if (r < 0) {
		control_free(c);
		return r;
	}
	*ret = c;
	return 0;
}

struct control *control_free(struct control *c)
{
	if (!c)
		return NULL;
	control_pair_clear(c);
	control_bus_stop(&c->bus);
	control_pending_stop(&c->pending);
	control_record_stop(&c->record);
	control_adopt_done(&c->adopt);
	control_backup_clear(&c->backup);
	control_erase_clear(&c->erase);
	free(c);
	return NULL;
}

void control_reply(struct control *c, const struct message *message)
{
	sd_bus_message *call = control_pending_answer(
		&c->pending, message->reply_to.call, message->payload, message->size);

	if (call)
		caller_rate_charge(
			&c->rate, sd_bus_message_get_sender(call), clock_now_us(), message->size);
}

void control_recorded(struct control *c, const char *why)
{
	control_record_ended(&c->record, why);
}

void control_backed_up(struct control *c, const struct control_backup_begun *begun)
{
	control_backup_answer(&c->backup, begun);
}

void control_erased(struct control *c, const char *text, const char *why)
{
	control_erase_answer(&c->erase, text, why);
}

void control_message(struct control *c, const struct message *message)
{
	control_watch_message(&c->watch, message);
}

void control_pair_asks(struct control *c, const char *what, const char *value)
{
	control_pair_tell(&c->pair, what, value);
}

void control_paired(struct control *c, const char *document, const char *why)
{
	control_pair_done(&c->pair, document, why);
}
