// SPDX-License-Identifier: MIT
#pragma once
/* The pops of a Coxa wearable: which came, which are missing, and which are lost. A pop is lost only
 * where the wearable says that it no longer has it.
 *
 *   pops      1  2  3 |  4  5  6  7 ... 90 |  read info: same boot, last 90, kept 64
 *   link      --------X                    [----   write 05 0003   indicated 85 00 64
 *   emitted   1  2  3                        LOST 23 (4..26)   27 .. 90 with flag 7, once each
 *
 * At a new boot all that the wearable keeps is asked for, 05 0000.
 */
#include "daemon/drivers/drv-coxa-private.h"

/* Sensor Information of this link is in the state; is_new_boot: another boot than before, or the first
 * that this run knows. Returns as driver.decode. */
int drv_coxa_pops_connected(
	struct coxa_state *state, bool is_new_boot, driver_emit_fn emit, void *user);
/* A packet of 0005. */
int drv_coxa_pops_decode(
	struct coxa_state *state, struct bytes packet, driver_emit_fn emit, void *user);
/* The final answer to 05: so many follow. */
int drv_coxa_pops_answered(
	struct coxa_state *state, uint32_t following, driver_emit_fn emit, void *user);
/* driver.remember */
bool drv_coxa_pops_remember(const void *state, struct wearable_memory *ret);
/* driver.recall */
void drv_coxa_pops_recall(void *state, const struct wearable_memory *memory);
