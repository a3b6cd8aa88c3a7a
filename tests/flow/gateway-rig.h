// SPDX-License-Identifier: MIT
#pragma once
/* A gateway with two kits and one wearable: capture events go in, and what it publishes and
 * remembers is kept as text.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/flow/gateway.h"

#define GATEWAY_RIG_PELVIS "C0:A5:00:00:03:01"

struct gateway_rig_output {
	char *text; /* all messages, a line each */
	size_t size;
	unsigned n;
	char remembered[8192]; /* lines "kind name" or "-kind name" */
};

struct gateway_rig {
	struct conf *conf;
	struct gateway_rig_output output;
	struct gateway *gateway;
};

void gateway_rig_open(struct gateway_rig *rig, const char *run);
/* As in a live run: it tells what is wrong, and waits for the broker to remove topics. */
void gateway_rig_open_live(struct gateway_rig *rig);
void gateway_rig_close(struct gateway_rig *rig);
void gateway_rig_drop_output(struct gateway_rig *rig);
void gateway_rig_give(struct gateway_rig *rig, struct capture_event event);
/* The header, at 1 s. */
void gateway_rig_begin(struct gateway_rig *rig);
void gateway_rig_command(struct gateway_rig *rig, int64_t t_us, const char *topic,
	const char *payload, bool is_retained);
/* The wearable is connected and has said what it is. */
void gateway_rig_connect_pelvis(struct gateway_rig *rig, int64_t t_us);
/* How often it occurs in the text of the messages. */
unsigned gateway_rig_count(const struct gateway_rig *rig, const char *what);
