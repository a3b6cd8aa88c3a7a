// SPDX-License-Identifier: MIT
#include "ctl/command.h"

#include <stdlib.h>

#include "ctl/client.h"
#include "ctl/names.h"
#include "ctl/out.h"

static int refused(struct ctl *ctl, json_t *answer, json_t *payload)
{
	const char *message = json_string_value(json_object_get(answer, "message"));

	out_message("%s", message ? message : "refused");
	names_suggest(ctl, json_string_value(json_object_get(answer, "error")), payload);
	return CTL_FAILED;
}

static int ask(struct ctl *ctl, const char *verb, json_t *payload, json_t **ret_answer)
{
	struct client_call call = {CLIENT_GATEWAY, "Command", 0};
	sd_bus_message *reply = NULL;
	char *text = payload ? json_dumps(payload, JSON_COMPACT) : NULL;
	int status = CTL_USAGE;

	if (!text)
		out_message("an argument is not valid UTF-8");
	else
		status = client_run(ctl, &call, &reply, "ss", verb, text);
	if (status == CTL_OK)
		status = client_parse(reply, ret_answer);
	sd_bus_message_unref(reply);
	free(text);
	return status;
}

int command_run(struct ctl *ctl, const char *verb, json_t *payload, json_t **ret_data)
{
	json_t *answer = NULL;
	int status = ask(ctl, verb, payload, &answer);

	if (status == CTL_OK && !json_is_true(json_object_get(answer, "ok")))
		status = refused(ctl, answer, payload);
	if (status == CTL_OK && ret_data)
		*ret_data = json_incref(json_object_get(answer, "data"));
	json_decref(answer);
	json_decref(payload);
	return status;
}
