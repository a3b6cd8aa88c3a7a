// SPDX-License-Identifier: MIT
#pragma once
/* A trainer's command, as over MQTT. */
#include <jansson.h>

#include "ctl/ctl.h"

/* Takes the payload (NULL: an argument was no UTF-8). *ret_data, if wanted, is the answer's `data`,
 * returns-owned, or NULL. Prints what was refused, and the nearest name. The exit status. */
int command_run(struct ctl *ctl, const char *verb, json_t *payload, json_t **ret_data);
