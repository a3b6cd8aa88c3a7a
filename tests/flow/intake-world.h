// SPDX-License-Identifier: MIT
#pragma once
/* An intake with the Coxa driver, hand-made packets from a wearable with its own clock, and the
 * records that come out.
 */
#include "coxad/base/units.h"
#include "coxad/flow/intake.h"

#define SECOND                   ((int64_t)US_PER_S)
#define INTAKE_WORLD_INTERVAL_US 9615 /* 104 Hz */
#define INTAKE_WORLD_RECORDS_MAX 20000

struct intake_world {
	struct analysis_conf analysis;
	struct intake *intake;
	int64_t now_us;
	int64_t boot_us; /* host time when the wearable's clock was 0 */
	uint16_t sequence;
	uint32_t boot;
	uint16_t last_pop;
	unsigned changes;
	size_t n;
	struct record record[INTAKE_WORLD_RECORDS_MAX];
};

extern const struct intake_ops intake_world_ops;
/* The latency of each packet in turn. */
extern const int64_t intake_world_latency_us[8];

/* For cmocka; *state is the world. */
int intake_world_setup(void **state);
int intake_world_teardown(void **state);
/* Little-endian. */
void intake_world_put(uint8_t *at, uint64_t value, size_t size);
void intake_world_send(struct intake_world *w, uint8_t number, const uint8_t *data, size_t size);
void intake_world_send_info(struct intake_world *w, uint8_t streams);
/* A packet of 8 samples, the last one now, arriving some milliseconds later. */
void intake_world_send_motion(struct intake_world *w);
void intake_world_stream(struct intake_world *w, int64_t for_us);
void intake_world_send_pop(
	struct intake_world *w, uint16_t sequence, int64_t onset_us, uint8_t flags);
void intake_world_send_symptom(struct intake_world *w, uint16_t sequence, int64_t press_us);
/* Connected, and its Sensor Information is read. */
void intake_world_begin(struct intake_world *w);
/* NULL: no such record came out. */
const struct record *intake_world_last_of(const struct intake_world *w, enum record_kind kind);
size_t intake_world_count_of(const struct intake_world *w, enum record_kind kind);
enum wearable_state intake_world_state_of(struct intake_world *w);
/* Stops at every deadline on the way. */
void intake_world_advance_to(struct intake_world *w, int64_t t_us);
