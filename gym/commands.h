// SPDX-License-Identifier: MIT
#pragma once
/* Publishes the script's MQTT commands to a real broker when they are due. Connects in the
 * background and reconnects after a loss; what is sent meanwhile waits for the broker. Paho's
 * threads never call into the gym.
 */
#include <stdint.h>

#include "gym/gym.h"

struct commands;

/* broker as in coxad's configuration, "mqtt://127.0.0.1:1883"; base without a trailing slash. NULL
 * if the broker's address is invalid. */
struct commands *commands_new(const char *broker, const char *base);
struct commands *commands_free(struct commands *commands);
void commands_send(struct commands *commands, const char *topic, const char *payload);
/* Sleeps through the script and sends each of its commands; start_us: the monotonic clock when the
 * gym started. */
void commands_play(struct commands *commands, struct gym *gym, int64_t start_us);
