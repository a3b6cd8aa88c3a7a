// SPDX-License-Identifier: MIT
#include "ctl/doctor-broker.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "coxad/base/alloc.h"

/* As in our example: a trainer's tablet that was away for an hour gets what happened meanwhile. */
#define QUEUE_LEAST 10000
/* mosquitto.conf(5). */
#define QUEUE_DEFAULT 1000

struct broker {
	bool is_open, has_nodelay;
	long queue; /* messages kept for a client that is away; 0: any number */
};

/* As mosquitto 2.0 takes it. */
static bool is_true(const char *value)
{
	return strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

static void take(struct broker *broker, const char *key, const char *value)
{
	if (strcmp(key, "allow_anonymous") == 0)
		broker->is_open |= is_true(value);
	else if (strcmp(key, "set_tcp_nodelay") == 0)
		broker->has_nodelay = is_true(value);
	else if (strcmp(key, "max_queued_messages") == 0)
		broker->queue = strtol(value, NULL, 10);
}

/* False: it cannot be read. */
static bool read_file(struct broker *broker, const char *path)
{
	char line[512], *rest, *key, *value;
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file)) {
		key = strtok_r(line, " \t\r\n", &rest);
		value = key ? strtok_r(NULL, " \t\r\n", &rest) : NULL;
		if (value)
			take(broker, key, value);
	}
	if (file)
		fclose(file);
	return file;
}

static void read_folder(struct broker *broker, const char *folder)
{
	_auto_free_ char *pattern = alloc_printf("%s/conf.d/*.conf", folder);
	glob_t found;

	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			read_file(broker, found.gl_pathv[i]);
		globfree(&found);
	}
}

void doctor_broker_check(struct doctor *d)
{
	_auto_free_ char *path = alloc_printf("%s/mosquitto.conf", d->mosquitto);
	struct broker broker = {.queue = QUEUE_DEFAULT};

	if (!read_file(&broker, path))
		return; /* it is elsewhere, or none of our business */
	read_folder(&broker, d->mosquitto);
	if (broker.is_open)
		doctor_note(d, DOCTOR_WARNING, "broker_open", "mosquitto",
			"Whoever reaches mosquitto may read health data, without a login: in %s, "
			"allow_anonymous false, with password_file and acl_file as in mosquitto.conf of the "
			"examples.",
			d->mosquitto);
	if (!broker.has_nodelay)
		doctor_note(d, DOCTOR_WARNING, "broker_delays", "mosquitto",
			"mosquitto may hold back an alert that follows other messages for 40 ms and more: in "
			"%s, set_tcp_nodelay true.",
			path);
	if (broker.queue && broker.queue < QUEUE_LEAST)
		doctor_note(d, DOCTOR_WARNING, "broker_forgets", "mosquitto",
			"mosquitto keeps %ld messages for a screen that is away, and drops the rest: in %s, "
			"max_queued_messages %d.",
			broker.queue, path, QUEUE_LEAST);
}
