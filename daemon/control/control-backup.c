// SPDX-License-Identifier: MIT
#include "daemon/control/control-backup.h"

#include <errno.h>
#include <string.h>

#include "daemon/control/control-call.h"

static int refuse(sd_bus_error *error, int r)
{
	if (r == -EBUSY)
		return sd_bus_error_set(
			error, CONTROL_CALL_BUSY, "somebody else makes a backup already");
	return sd_bus_error_setf(error, CONTROL_CALL_FAILED,
		"what coxad has to keep is not on disk (%s), so a copy would lack it; see coxactl doctor",
		strerror(-r));
}

int control_backup_method(struct control *c, sd_bus_message *call, sd_bus_error *error)
{
	int r = control_call_admit(c, call, error);

	if (r < 0)
		return r;
	r = c->backup.call ? -EBUSY : c->ops->backup(c->user);
	if (r < 0)
		return refuse(error, r);
	c->backup.call = sd_bus_message_ref(call);
	return 1; /* answered when it has begun */
}

static int append_files(sd_bus_message *reply, const struct control_backup_begun *begun)
{
	int r = sd_bus_message_open_container(reply, 'a', "(st)");

	for (size_t i = 0; i < begun->n && r >= 0; i++)
		r = sd_bus_message_append(
			reply, "(st)", begun->file[i].name, (uint64_t)begun->file[i].bytes);
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int answer(sd_bus_message *call, const struct control_backup_begun *begun)
{
	sd_bus_message *reply = NULL;
	int r = sd_bus_message_new_method_return(call, &reply);

	if (r >= 0)
		r = sd_bus_message_append(reply, "h", begun->fd);
	if (r >= 0)
		r = append_files(reply, begun);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r;
}

void control_backup_answer(struct control_backup *b, const struct control_backup_begun *begun)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = begun->error;

	if (!b->call)
		return;
	if (r >= 0)
		r = answer(b->call, begun);
	if (r < 0) {
		refuse(&error, r);
		sd_bus_reply_method_error(b->call, &error);
		sd_bus_error_free(&error);
	}
	control_backup_clear(b);
}

void control_backup_clear(struct control_backup *b)
{
	b->call = sd_bus_message_unref(b->call);
}
