// SPDX-License-Identifier: MIT
#pragma once
/* What the gateway does with one wearable according to its driver: the real driver, chosen by the
 * wearable's characteristics, its plan carried out on the gym's device, and its own decoding, so
 * that a plan can depend on the answers. Borrows the device.
 */
#include "coxad/drivers/driver.h"
#include "gym/device.h"

struct planner;

/* rate_hz: the rate of motion to ask for; 0: the driver's own. */
struct planner *planner_new(struct device *device, enum placement placement, double rate_hz);
struct planner *planner_free(struct planner *planner);
/* NULL if no driver supports the wearable. */
const struct driver *planner_driver(const struct planner *planner);
void planner_connected(struct planner *planner, unsigned mtu);
void planner_begin(struct planner *planner, enum driver_plan plan);
/* The next step, at t. Returns when the one after it is due, T_NEVER at the plan's end, or -1 if a
 * required step failed. What was read goes to *ret_read, whose size is 0 if nothing was. */
int64_t planner_step(
	struct planner *planner, int64_t t_us, int64_t interval_us, struct device_pdu *ret_read);
/* Where decoded records go; emit NULL: nowhere. */
struct planner_sink {
	driver_emit_fn emit;
	void *user;
};
/* The driver decodes a value that the gateway received. Returns the driver's result. */
int planner_received(struct planner *planner, int64_t arrival_us, enum driver_origin origin,
	const struct device_pdu *pdu, struct planner_sink sink);
