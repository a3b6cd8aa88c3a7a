// SPDX-License-Identifier: MIT
#pragma once
/* gateway/<name>/radios, of a gym that has several, live only. Pure. */
#include <stdint.h>

#include "coxad/wire/message-radios.h"

struct gateway;

void gateway_radios_publish(
	struct gateway *gateway, int64_t now_us, const struct message_radios *radios);
