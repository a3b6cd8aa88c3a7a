// SPDX-License-Identifier: MIT
#pragma once
/* The way of problems into gateway/<name>/health: published when the list changes, at most once a
 * second, live only. Pure.
 */
#include <stdint.h>

#include "coxad/core/health.h"

struct gateway;

/* A problem that began, changed or was solved. gateway_advance publishes it. */
void gateway_health_note(
	struct gateway *gateway, int64_t now_us, const struct health_report *report);

/* For gateway.c. */
void gateway_health_advance(struct gateway *gateway);
int64_t gateway_health_deadline(const struct gateway *gateway);
