// SPDX-License-Identifier: MIT
#pragma once
/* To the broker, below this radio's topics. */
#include "daemon/main/radio-private.h"

#define RADIO_SEND_TOPIC_SIZE 64 /* "radio/NAME/wearables" */

void radio_send_topic(
	const struct radio *radio, const char *leaf, char ret[static RADIO_SEND_TOPIC_SIZE]);
/* What does not leave is said again by whoever needs it. */
int radio_send(struct radio *radio, const char *leaf, const char *text, size_t size, unsigned qos);
