// SPDX-License-Identifier: MIT
#pragma once
/* What arrives, copied out of Paho's hands. */
#include <MQTTAsync.h>

#include "daemon/mqtt/paho.h"

/* On Paho's thread. max: bytes of the payload. ret_block: bytes in all. */
struct paho_arrival *paho_arrival_new(
	const char *topic, const MQTTAsync_message *message, size_t max, size_t *ret_block);
