// SPDX-License-Identifier: MIT
#pragma once
/* One wearable's way in: bytes with their arrival, through its driver's decode and its clock, to
 * records on host time. Owns driver state, clock-sync, reason counters, rate and loss figures, and
 * the wearable's published state, which follows the data and not the link. Never does I/O; nothing
 * on the heap after new. Time is the stamp on the call; calls come in order of time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/diag.h"
#include "coxad/base/uuid.h"
#include "coxad/core/analysis.h"
#include "coxad/base/trace.h"
#include "coxad/core/record.h"
#include "coxad/core/result.h"
#include "coxad/drivers/driver.h"

struct intake;

struct intake_ops {
	/* Borrowed during the call. In order of arrival, not of t_us. */
	void (*record)(void *user, const struct record *record);
	/* The status is worth publishing again. is_state: intake_state() is a new one. */
	void (*changed)(void *user, unsigned wearable, bool is_state);
};

/* driver NULL: the first that claims a characteristic seen. wearable: index in the configuration.
 * analysis is borrowed for life. */
struct intake *intake_new(unsigned wearable, const struct driver *driver,
	const struct analysis_conf *analysis, const struct intake_ops *ops, void *user);
struct intake *intake_free(struct intake *intake);
/* Before the first bytes. The tracer and the subject are borrowed for life. */
void intake_set_trace(struct intake *intake, const struct trace *trace);

void intake_connected(struct intake *intake, int64_t t_us, unsigned mtu);
void intake_bytes(struct intake *intake, const struct driver_input *input);
void intake_disconnected(struct intake *intake, int64_t t_us);
void intake_rssi(struct intake *intake, int64_t t_us, int dbm);

/* When the state changes by time alone (no data for 2 s): T_NEVER or an instant. */
int64_t intake_deadline(const struct intake *intake);
void intake_advance(struct intake *intake, int64_t now_us);

/* The plan step, or the write for an order, for the live side; as driver.h says. Chooses the
 * driver from the peer's characteristics where it is not known yet. */
int intake_plan(struct intake *intake, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret);
int intake_order(struct intake *intake, enum driver_order_kind order, unsigned argument,
	struct driver_step *ret);

/* What a restart of coxad should know of this wearable; false: nothing. */
bool intake_remember(const struct intake *intake, struct wearable_memory *ret);
/* Before the first bytes. A driver that is chosen later gets it then. */
void intake_recall(struct intake *intake, const struct wearable_memory *memory);

const struct driver *intake_driver(const struct intake *intake); /* NULL: not known yet */
const struct diag *intake_diag(const struct intake *intake);
const struct wearable_info *intake_info(const struct intake *intake); /* zeros before it was read */
/* As of the last `changed`: this is where a wearable's state is kept. */
enum wearable_state intake_state(const struct intake *intake);
void intake_status(const struct intake *intake, int64_t now_us, struct wearable_result *ret);
uint64_t intake_packets(const struct intake *intake);
