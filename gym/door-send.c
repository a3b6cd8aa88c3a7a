// SPDX-License-Identifier: MIT
#include "gym/door-send.h"

#include "coxad/base/alloc.h"
#include "gym/door-clock.h"

void door_send_message(struct door *door, DBusMessage *message, int64_t delay_us)
{
	struct door_delayed **at = &door->delayed;

	if (!delay_us) {
		if (door->connection && !door->is_crashing)
			dbus_connection_send(door->connection, message, NULL);
		dbus_message_unref(message);
		return;
	}
	while (*at)
		at = &(*at)->next;
	*at = new0(struct door_delayed);
	**at = (struct door_delayed){
		.message = message, .at_us = door_clock_now_us(door) + delay_us};
	door_clock_wake(door);
}

void door_send_reply(struct door *door, DBusMessage *call)
{
	door_send_message(door, dbus_message_new_method_return(call), 0);
}

int64_t door_send_due(struct door *door, int64_t now_us)
{
	int64_t due = INT64_MAX;

	for (struct door_delayed **at = &door->delayed; *at;) {
		struct door_delayed *delayed = *at;

		if (now_us < delayed->at_us) {
			due = door_earlier(delayed->at_us, due);
			at = &delayed->next;
			continue;
		}
		*at = delayed->next;
		door_send_message(door, delayed->message, 0);
		free(delayed);
	}
	return due;
}

void door_send_drop_delayed(struct door *door)
{
	while (door->delayed) {
		struct door_delayed *delayed = door->delayed;

		door->delayed = delayed->next;
		dbus_message_unref(delayed->message);
		free(delayed);
	}
}
