// SPDX-License-Identifier: MIT
#pragma once
/* The gateway's part towards one wearable, as far as a driver's plan goes: the real driver, chosen
 * by what the wearable has, its steps carried out on the gym's device, and its own decoding, so
 * that a plan can go by the answers. Borrows the device.
 */
#include "coxad/drivers/driver.h"
#include "gym/device.h"

struct planner;

/* rate_hz is the wish for motion, 0 the driver's own. */
struct planner *planner_new(struct device *device, enum placement placement, double rate_hz);
struct planner *planner_free(struct planner *planner);
/* NULL where no driver knows the wearable. */
const struct driver *planner_driver(const struct planner *planner);
void planner_connected(struct planner *planner, unsigned mtu);
void planner_begin(struct planner *planner, enum driver_plan plan);
/* The next step, at t. Returns when the one after it may come, T_NEVER at the plan's end, or -1
 * where a step failed that the plan cannot do without. What was read goes to *ret_read, whose size
 * is 0 where nothing was. */
int64_t planner_step(
	struct planner *planner, int64_t t_us, int64_t interval_us, struct device_pdu *ret_read);
/* The driver decodes: its result. emit may be NULL. */
int planner_heard(struct planner *planner, int64_t arrival_us, enum driver_origin origin,
	const struct device_pdu *pdu, driver_emit_fn emit, void *user);
