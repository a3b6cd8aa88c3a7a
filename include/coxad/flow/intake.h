// SPDX-License-Identifier: MIT
#pragma once
/* One wearable's way in: bytes, through its driver and its clock, become records on host time. Owns
 * the driver's state, the clock sync, the reason counters, rates and losses, and the wearable's
 * state, which follows the data rather than the connection. Does no I/O; nothing is allocated per
 * sample. Time is the stamp on each call; calls come in order of time.
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

/* driver NULL: the first one that claims a characteristic. wearable: index in the configuration.
 * analysis is borrowed for life. */
struct intake *intake_new(unsigned wearable, const struct driver *driver,
	const struct analysis_conf *analysis, const struct intake_ops *ops, void *user);
struct intake *intake_free(struct intake *intake);
/* The tracer and the subject are borrowed until the next call. */
void intake_set_trace(struct intake *intake, const struct trace *trace);

void intake_connected(struct intake *intake, int64_t t_us, unsigned mtu);
void intake_bytes(struct intake *intake, const struct driver_input *input);
/* For intake-event.c: the records of a packet alone. -enum reason: it is refused. */
int intake_decode(struct intake *intake, const struct driver_input *input);
void intake_disconnected(struct intake *intake, int64_t t_us);
void intake_rssi(struct intake *intake, int64_t t_us, int dbm);

/* When time alone will change the state (no data for 2 s); T_NEVER: not. */
int64_t intake_deadline(const struct intake *intake);
void intake_advance(struct intake *intake, int64_t now_us);

/* A step of a plan, or a write for an order, as in driver.h, with what follows it; for the live side.
 * Chooses the driver by the peer's characteristics if it is not known yet. */
int intake_plan(struct intake *intake, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret);
int intake_order(struct intake *intake, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret);

/* What to remember of this wearable over a restart; false: nothing. */
bool intake_remember(const struct intake *intake, struct wearable_memory *ret);
/* Before the first bytes; kept for a driver that is chosen later. */
void intake_recall(struct intake *intake, const struct wearable_memory *memory);

/* Through which it is connected, or was last; NULL: an adapter of this gateway. */
const char *intake_radio(const struct intake *intake);
const struct driver *intake_driver(const struct intake *intake); /* NULL: not known yet */
const struct diag *intake_diag(const struct intake *intake);
const struct wearable_info *intake_info(const struct intake *intake); /* zeros until it was read */
/* STREAM_*: what it said that it sends, or else what its driver knows. */
uint32_t intake_streams(const struct intake *intake);
/* As of the last `changed`: this is where a wearable's state is kept. */
enum wearable_state intake_state(const struct intake *intake);
/* The strings of *ret are borrowed until the next call. */
void intake_status(const struct intake *intake, int64_t now_us, struct wearable_result *ret);
uint64_t intake_packets(const struct intake *intake);
