// SPDX-License-Identifier: MIT
#pragma once
/* The brain of a gym with several radios: what they hear is taken as if it were heard here, and what they
 * are to do is told to them. Until it is known that no other brain leads the site, the sink is held and
 * the radios keep what they hear. Nothing of it exists where the role is `all`.
 */
#include "daemon/main/manager-private.h"

/* What comes out, as of a source; see source-bluez.h. */
struct manager_fleet_ops {
	void (*event)(void *user, const struct capture_event *event);
	void (*problem)(void *user, unsigned wearable, enum wearable_problem problem);
	void (*health)(void *user, const struct health_report *report);
};

/* The user of the ops is the manager. After the gateway has begun. -errno: the broker's settings. */
int manager_fleet_open(struct manager *m, const struct manager_fleet_ops *ops);
/* Publishes that this brain goes. After the sink was flushed. */
void manager_fleet_close(struct manager *m);
void manager_fleet_reload(struct manager *m, const struct conf_change *change);
/* To the radio that has the wearable. -ENOTCONN: none has. */
int manager_fleet_write(struct manager *m, unsigned wearable, const struct driver_step *step);
/* Of ahead_options; the user is the manager. */
void manager_fleet_begins(void *user);
void manager_fleet_stored(void *user);
/* What an earlier run noted of a radio could be read only now. */
void manager_fleet_late(struct manager *m, const char *radio, const char *text, size_t size);
