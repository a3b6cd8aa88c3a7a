// SPDX-License-Identifier: MIT
#pragma once
/* Carries out what is asked for over D-Bus. */
#include "daemon/main/manager-private.h"

/* The user is the manager. */
struct manager_control_ops {
	/* As one that came over MQTT. */
	void (*command)(void *user, const struct command_request *request);
};

/* Before the gateway's first message. Without a bus coxad runs on. -errno. */
int manager_control_start(struct manager *m, const struct manager_control_ops *ops);
void manager_control_stop(struct manager *m);
/* True: it is an answer to a call on the bus, and nobody else's. */
bool manager_control_message(struct manager *m, const struct message *message);
