// SPDX-License-Identifier: MIT
#include "ctl/verbs-admin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/client.h"
#include "ctl/out.h"
#include "ctl/topic.h"
#include "ctl/verbs-history.h"

int verbs_admin_reload(struct ctl *ctl, int argc, char **argv)
{
	struct client_call call = {CLIENT_ADMIN, "Reload", 0};

	return client_run(ctl, &call, NULL, "");
}

int verbs_admin_requeue(struct ctl *ctl, int argc, char **argv)
{
	struct client_call call = {CLIENT_ADMIN, "Requeue", 0};
	sd_bus_message *reply = NULL;
	uint32_t n = 0;
	int status = client_run(ctl, &call, &reply, "");

	if (status == CTL_OK && sd_bus_message_read(reply, "u", &n) >= 0)
		printf(ctl->is_json ? "{\"messages\": %" PRIu32 "}\n"
				    : "%" PRIu32 " messages are sent again.\n",
			n);
	sd_bus_message_unref(reply);
	return status;
}

int verbs_admin_log_level(struct ctl *ctl, int argc, char **argv)
{
	struct client_call call = {CLIENT_ADMIN, "LogLevel", 0};

	return client_run(ctl, &call, NULL, "s", argv[1]);
}

int verbs_admin_trace(struct ctl *ctl, int argc, char **argv)
{
	struct client_call call = {CLIENT_ADMIN, "Trace", 0};

	return client_run(ctl, &call, NULL, "s", strcmp(argv[1], "none") ? argv[1] : "");
}

/* As coxad --export-athlete names them. */
static void add_logbook(const json_t *stored, const json_t *happened)
{
	json_t *entry;
	size_t i;

	json_array_foreach(happened, i, entry)
	{
		_auto_free_ char *name = alloc_printf(
			"%s %s", topic_text(entry, "kind"), topic_text(entry, "cursor"));

		json_array_append_new(json_object_get(stored, "entries"),
			json_pack("{s:s,s:s,s:O?}", "kind", "logbook", "name", name, "value",
				json_object_get(entry, "event")));
	}
}

int verbs_admin_export(struct ctl *ctl, int argc, char **argv)
{
	struct client_call call = {CLIENT_ADMIN, "Export", 0};
	sd_bus_message *reply = NULL;
	json_t *stored = NULL, *happened = NULL;
	int status = client_run(ctl, &call, &reply, "s", argv[1]);

	if (status == CTL_OK)
		status = client_parse(reply, &stored);
	if (status == CTL_OK)
		status = verbs_history_fetch(ctl, argv[1], &happened);
	if (status == CTL_OK) {
		add_logbook(stored, happened);
		status = out_json(stored);
	}
	json_decref(happened);
	json_decref(stored);
	sd_bus_message_unref(reply);
	return status;
}

#define SECONDS_MAX 86400

/* 0: until Ctrl-C, which ends the connection and with it the recording. */
static int seconds_of(const char *text, uint32_t *ret)
{
	char *end = NULL;
	unsigned long number = text ? strtoul(text, &end, 10) : 0;

	if (text && (end == text || *end || text[0] == '-' || number < 1 || number > SECONDS_MAX)) {
		out_message("SECONDS is a whole number from 1 to %d", SECONDS_MAX);
		return -EINVAL;
	}
	*ret = (uint32_t)number;
	return 0;
}

/* coxad ends the recording when this program is gone. */
static void on_interrupt(int number)
{
	_exit(CTL_OK);
}

/* What was recorded before coxad failed is what somebody may want to look at. */
static void keep_or_remove(int fd, const char *path)
{
	struct stat stat;

	if (fstat(fd, &stat) == 0 && stat.st_size > 0)
		out_message("%s: what was recorded until then is kept", path);
	else
		unlink(path);
}

int verbs_admin_record(struct ctl *ctl, int argc, char **argv)
{
	struct client_call call = {CLIENT_ADMIN, "Record", UINT64_MAX};
	uint32_t seconds;
	int fd, status;

	if (seconds_of(argc > 2 ? argv[2] : NULL, &seconds) < 0)
		return CTL_USAGE;
	fd = open(argv[1], O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		out_message("%s: %s", argv[1], strerror(errno));
		return CTL_FAILED;
	}
	signal(SIGINT, on_interrupt);
	signal(SIGTERM, on_interrupt);
	status = client_run(ctl, &call, NULL, "hu", fd, seconds);
	if (status != CTL_OK)
		keep_or_remove(fd, argv[1]);
	close(fd);
	return status;
}
