// SPDX-License-Identifier: MIT
#pragma once
/* A broker that does as it is told, and a daemon that has only the sink. */
#include "tests/broker/broker.h"

#define SCRIPTED_RULES_MAX  48
#define SCRIPTED_RULES(...) ((const char *const[SCRIPTED_RULES_MAX]){__VA_ARGS__})
#define PUSHER_OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct scripted_rig {
	struct broker broker;
	struct child scripted, pusher;
};
extern struct scripted_rig rig;

/* rules: up to SCRIPTED_RULES_MAX, the rest NULL. */
void scripted_rig_begin(const char *const *rules);
/* After the pusher was stopped or not. */
void scripted_rig_stop(void);
/* Stopped, and the broker saw nothing that MQTT forbids. */
void scripted_rig_end(void);
