// SPDX-License-Identifier: MIT
#pragma once
/* The right of an athlete to be forgotten, as far as the gateway holds anything. As of the last
 * gateway_advance. Pure.
 */
#include <stdbool.h>

struct gateway;

/* The kit with which the athlete's session is under way, or not closed yet; NULL: there is none. Borrowed. */
const char *gateway_erase_kit(const struct gateway *gateway, const char *athlete);
/* Any session is under way. */
bool gateway_erase_has_session(const struct gateway *gateway);
/* Forgets one who has no session; publishes and remembers nothing. */
void gateway_erase(struct gateway *gateway, const char *athlete);
/* Has the broker remove what it retains on a topic of the athlete. */
void gateway_erase_topic(struct gateway *gateway, const char *topic);
