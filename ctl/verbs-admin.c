// SPDX-License-Identifier: MIT
#include "ctl/verbs-admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl/client.h"

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
