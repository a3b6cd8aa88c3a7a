// SPDX-License-Identifier: MIT
#pragma once
/* Discovery for Home Assistant: one device for each wearable, with the values that change slowly. */
#include "coxad/wire/message.h"

/* Published under Home Assistant's own prefix. -EINVAL: no such wearable. */
int message_home_assistant_encode(
	struct message_encoder *encoder, int64_t now_us, unsigned wearable, struct message *ret);
