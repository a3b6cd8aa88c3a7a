// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/drivers/driver-list.h"
#include "tests/flow/intake-world.h"

const int64_t intake_world_latency_us[8] = {3000, 17000, 9000, 26000, 1500, 21000, 13000, 29000};

static void on_record(void *user, const struct record *record)
{
	struct intake_world *w = user;

	if (w->n < INTAKE_WORLD_RECORDS_MAX)
		w->record[w->n++] = *record;
}

static void on_changed(void *user, unsigned wearable, bool is_state)
{
	struct intake_world *w = user;

	assert_int_equal(wearable, 3);
	w->changes++;
}

const struct intake_ops intake_world_ops = {on_record, on_changed};

int intake_world_setup(void **state)
{
	struct intake_world *w = new0(struct intake_world);

	analysis_conf_default(&w->analysis);
	w->intake = intake_new(3, driver_list_find("coxa"), &w->analysis, &intake_world_ops, w);
	w->now_us = 1000 * SECOND;
	w->boot_us = 400 * SECOND;
	w->boot = 7;
	*state = w;
	return 0;
}

int intake_world_teardown(void **state)
{
	struct intake_world *w = *state;

	w->intake = intake_free(w->intake);
	free(w);
	return 0;
}

static struct uuid coxa(uint8_t number)
{
	struct uuid u;

	assert_int_equal(uuid_from_string("c0a50000-9bc6-4808-a8bd-20fbe3fc7d8c", &u), 0);
	u.b[3] = number;
	return u;
}

void intake_world_put(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

void intake_world_send(struct intake_world *w, uint8_t number, const uint8_t *data, size_t size)
{
	struct uuid u = coxa(number);

	intake_bytes(w->intake,
		&(struct driver_input){&u, number == 2 ? DRIVER_ORIGIN_READ : DRIVER_ORIGIN_NOTIFY,
			data, size, w->now_us});
}

void intake_world_send_info(struct intake_world *w, uint8_t streams)
{
	uint8_t p[20] = {1, streams, 8, 2};

	intake_world_put(p + 4, 1000, 2);
	intake_world_put(p + 6, 104, 2);
	intake_world_put(p + 8, 8000, 4);
	intake_world_put(p + 12, w->boot, 4);
	intake_world_put(p + 16, 64, 2);
	intake_world_put(p + 18, w->last_pop, 2);
	intake_world_send(w, 2, p, sizeof(p));
}

static uint32_t device_time(const struct intake_world *w, int64_t host_us)
{
	return (uint32_t)(host_us - w->boot_us);
}

void intake_world_send_motion(struct intake_world *w)
{
	uint8_t p[8 + 12 * 8] = {0};
	int64_t built_us = w->now_us;

	intake_world_put(p, w->sequence++, 2);
	intake_world_put(p + 2, device_time(w, built_us - 7 * INTAKE_WORLD_INTERVAL_US), 4);
	intake_world_put(p + 6, INTAKE_WORLD_INTERVAL_US, 2);
	for (unsigned i = 0; i < 8; i++)
		intake_world_put(p + 8 + 12 * i + 4, 4096, 2);
	w->now_us += intake_world_latency_us[w->sequence % 8];
	intake_world_send(w, 4, p, sizeof(p));
	w->now_us = built_us;
}

void intake_world_stream(struct intake_world *w, int64_t for_us)
{
	for (int64_t end = w->now_us + for_us; w->now_us < end;
		w->now_us += 8 * INTAKE_WORLD_INTERVAL_US)
		intake_world_send_motion(w);
}

void intake_world_send_pop(
	struct intake_world *w, uint16_t sequence, int64_t onset_us, uint8_t flags)
{
	uint8_t p[20] = {
		0, 0, 0, 0, 0, 0, 24, 110, 31, 12, 77, 1, 42, 51, 13, 1, 0x80, 5, 26, flags};

	intake_world_put(p, sequence, 2);
	intake_world_put(p + 2, device_time(w, onset_us), 4);
	intake_world_send(w, 5, p, sizeof(p));
}

void intake_world_send_symptom(struct intake_world *w, uint16_t sequence, int64_t press_us)
{
	uint8_t p[10] = {0, 0, 0, 0, 0, 0, 2, 2, 1, 6};

	intake_world_put(p, sequence, 2);
	intake_world_put(p + 2, device_time(w, press_us), 4);
	intake_world_send(w, 7, p, sizeof(p));
}

void intake_world_begin(struct intake_world *w)
{
	intake_connected(w->intake, w->now_us, 247);
	intake_world_send_info(w, 0x1f);
}

const struct record *intake_world_last_of(const struct intake_world *w, enum record_kind kind)
{
	for (size_t i = w->n; i > 0; i--)
		if (w->record[i - 1].kind == kind)
			return &w->record[i - 1];
	return NULL;
}

size_t intake_world_count_of(const struct intake_world *w, enum record_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->record[i].kind == kind;
	return n;
}

enum wearable_state intake_world_state_of(struct intake_world *w)
{
	struct wearable_result status;

	intake_status(w->intake, w->now_us, &status);
	return status.state;
}

void intake_world_advance_to(struct intake_world *w, int64_t t_us)
{
	while (intake_deadline(w->intake) <= t_us) {
		int64_t deadline = intake_deadline(w->intake);

		w->now_us = deadline;
		intake_advance(w->intake, deadline);
		assert_true(intake_deadline(w->intake) > deadline);
	}
	w->now_us = t_us;
}
