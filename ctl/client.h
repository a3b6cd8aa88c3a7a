// SPDX-License-Identifier: MIT
#pragma once
/* Calls of the daemon, and what their failures mean to people: every function prints the reason to
 * standard error and returns an exit status, CTL_OK for success. */
#include <jansson.h>
#include <stdint.h>

#include "ctl/ctl.h"

#define CLIENT_SERVICE "org.coxad"
#define CLIENT_PATH    "/org/coxad"
#define CLIENT_GATEWAY CLIENT_SERVICE ".Gateway1"
#define CLIENT_ADMIN   CLIENT_GATEWAY ".Admin"

struct client_call {
	const char *interface, *method;
	uint64_t timeout_us; /* 0: the usual 25 s */
};

int client_open(struct ctl *ctl);
/* types and arguments as of sd_bus_message_append. *ret_reply, if wanted, is returns-owned. */
int client_run(struct ctl *ctl, const struct client_call *call, sd_bus_message **ret_reply,
	const char *types, ...);
/* The same for arguments that do not fit into a list: what client_new made, perhaps filled (r < 0: that did
 * not work), is sent. Takes the message. */
int client_new(struct ctl *ctl, const struct client_call *call, sd_bus_message **ret);
int client_send(struct ctl *ctl, const struct client_call *call, int r, sd_bus_message *message,
	sd_bus_message **ret_reply);
/* What a call that was sent by other means was answered with: CTL_OK, or what it means that it failed. */
int client_answered(const struct client_call *call, sd_bus_message *reply);
/* A method of Gateway1 without arguments that answers with a JSON object; *ret is returns-owned. */
int client_document(struct ctl *ctl, const char *method, json_t **ret);
/* The one text of an answer as a JSON object; *ret is returns-owned. */
int client_parse(sd_bus_message *reply, json_t **ret);
