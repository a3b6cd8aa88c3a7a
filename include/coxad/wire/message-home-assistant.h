// SPDX-License-Identifier: MIT
#pragma once
/* Discovery for Home Assistant: one device for each wearable, with the values that change slowly. */
#include "coxad/wire/message.h"

#define MESSAGE_HOME_ASSISTANT_TOPIC_SIZE 256

/* The topic of a wearable's. -ENOBUFS. */
int message_home_assistant_topic(const struct conf *conf, unsigned wearable,
	char ret[static MESSAGE_HOME_ASSISTANT_TOPIC_SIZE]);
/* Published under Home Assistant's own prefix. -EINVAL: no such wearable. */
int message_home_assistant_encode(
	struct message_encoder *encoder, int64_t now_us, unsigned wearable, struct message *ret);
