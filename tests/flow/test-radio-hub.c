// SPDX-License-Identifier: MIT
/* Three radios with clocks of their own, a brain, and networks that lose, double and delay: what each
 * radio heard comes out once, in order, and dated as truly as it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/generator.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "coxad/flow/radio-hub.h"
#include "coxad/flow/radio-uplink.h"
#include "tests/core/fleet/lossy-way.h"

#define RADIOS      3
#define STEP_US     (2 * US_PER_MS)
#define STEPS       5000
#define HEALED      10000
#define EVENTS_MAX  10000
#define SMALL_BYTES 60000
#define TINY_BYTES  6000 /* whole batches go */
#define KEPT_MAX    300
#define START_US    (100 * (int64_t)US_PER_S)

struct radio {
	char name[8], address[18];
	struct radio_uplink *uplink;
	struct lossy_way up, down;
	int64_t boot, recalled, ahead_us;
	double rate;
	bool is_cut;
	uint32_t n;    /* events so far, of all boots */
	int64_t taken; /* the last one that came out; -1: none */
	uint64_t n_taken;
	int64_t heard_us[EVENTS_MAX];
	bool is_symptom[EVENTS_MAX], came[EVENTS_MAX];
	unsigned n_kept;
	struct kept {
		int64_t boot, number, ahead_us;
		char *text;
		size_t size;
	} kept[KEPT_MAX];
};

static struct world {
	uint64_t dice;
	int64_t now_us;
	struct radio_hub *hub;
	struct radio radio[RADIOS];
	double worst_us;
} w;

static unsigned roll(unsigned n)
{
	return lossy_way_roll(&w.dice, n);
}

static int64_t its_time(const struct radio *r)
{
	return r->ahead_us + (int64_t)((double)w.now_us * r->rate);
}

static void send(struct lossy_way *way, char kind, const char *text, size_t size)
{
	char message[LOSSY_WAY_BYTES];

	assert_true(size < sizeof(message));
	message[0] = kind;
	memcpy(message + 1, text, size);
	lossy_way_send(way, w.now_us, message, size + 1);
}

/* --- what leaves a radio --- */

static bool can_send(void *user)
{
	const struct radio *r = user;

	return !r->is_cut;
}

static void on_batch(void *user, const char *text, size_t size)
{
	struct radio *r = user;

	send(&r->up, 'b', text, size);
}

static void on_answer(void *user, const char *text, size_t size)
{
	struct radio *r = user;

	send(&r->up, 'c', text, size);
}

static void on_keep(void *user, int64_t number, const char *text, size_t size)
{
	struct radio *r = user;

	assert_true(r->n_kept < KEPT_MAX);
	r->kept[r->n_kept++] =
		(struct kept){r->boot, number, r->ahead_us, strndup(text, size), size};
}

static void on_done(void *user, int64_t boot, int64_t number)
{
	struct radio *r = user;

	for (unsigned i = r->n_kept; i-- > 0;)
		if (r->kept[i].boot == boot && r->kept[i].number <= number) {
			free(r->kept[i].text);
			list_drop(r->kept, r->n_kept, i);
		}
}

static const struct radio_uplink_ops uplink_ops = {can_send, on_batch, on_answer, on_keep, on_done};

static void start_radio(struct radio *r, size_t bytes_max)
{
	radio_uplink_free(r->uplink);
	r->boot = 1 + (int64_t)(generator_splitmix(&w.dice) >> 12);
	r->ahead_us = (int64_t)(generator_splitmix(&w.dice) % 1000000000000);
	r->uplink = radio_uplink_new(r->name, r->boot, bytes_max, &uplink_ops, r);
	for (unsigned i = 0; i < r->n_kept; i++)
		assert_int_equal(radio_uplink_recall(r->uplink, r->kept[i].text, r->kept[i].size,
					 r->kept[i].ahead_us - r->ahead_us, &r->recalled),
			0);
}

/* --- what comes out at the brain --- */

static struct radio *radio_of(const char *name)
{
	for (unsigned i = 0; i < RADIOS; i++)
		if (strcmp(w.radio[i].name, name) == 0)
			return &w.radio[i];
	fail_msg("no radio '%s'", name);
	return NULL;
}

static void on_event(void *user, const struct capture_event *event)
{
	struct radio *r = radio_of(event->radio);
	int64_t off_us;
	uint32_t number;

	assert_int_equal(event->size, sizeof(number));
	memcpy(&number, event->value, sizeof(number));
	assert_string_equal(event->address, r->address);
	assert_true(number < r->n && number > r->taken);
	assert_true(event->t_us == w.now_us && event->delay_us >= 0);
	off_us = llabs(event->t_us - event->delay_us - r->heard_us[number]);
	assert_true(off_us <= event->unc_us);
	w.worst_us = (double)event->unc_us > w.worst_us ? (double)event->unc_us : w.worst_us;
	r->taken = number;
	r->came[number] = true;
	r->n_taken++;
}

static bool serves(void *user, const char *radio, const char *address)
{
	return strcmp(radio_of(radio)->address, address) == 0;
}

static void on_flow(void *user, const char *radio, const char *text, size_t size)
{
	send(&radio_of(radio)->down, 'f', text, size);
}

static void on_question(void *user, const char *radio, const char *text, size_t size)
{
	send(&radio_of(radio)->down, 'c', text, size);
}

static const struct radio_hub_ops hub_ops = {
	.event = on_event, .serves = serves, .flow = on_flow, .clock = on_question};

/* --- the world --- */

static void set_trouble(unsigned lost_percent, unsigned doubled_percent, int64_t delay_us)
{
	for (unsigned i = 0; i < RADIOS; i++) {
		struct radio *r = &w.radio[i];

		r->up.lost_percent = r->down.lost_percent = lost_percent;
		r->up.doubled_percent = r->down.doubled_percent = doubled_percent;
		r->up.delay_us = r->down.delay_us = delay_us;
	}
}

static void end(void)
{
	w.hub = radio_hub_free(w.hub);
	for (unsigned i = 0; i < RADIOS; i++) {
		w.radio[i].uplink = radio_uplink_free(w.radio[i].uplink);
		while (w.radio[i].n_kept)
			free(w.radio[i].kept[--w.radio[i].n_kept].text);
	}
}

static void begin(uint64_t seed, size_t bytes_max)
{
	end();
	memset(&w, 0, sizeof(w));
	w.dice = seed;
	w.now_us = START_US;
	w.hub = radio_hub_new(&hub_ops, NULL);
	for (unsigned i = 0; i < RADIOS; i++) {
		struct radio *r = &w.radio[i];

		snprintf(r->name, sizeof(r->name), "mat-%u", i);
		snprintf(r->address, sizeof(r->address), "C0:A5:00:00:00:%02X", i);
		r->up.dice = seed * 10 + i;
		r->down.dice = seed * 20 + i;
		r->rate = 1 + 1e-6 * ((double)roll(100) - 50);
		r->taken = -1;
		start_radio(r, bytes_max);
	}
}

static int teardown(void **state)
{
	end();
	return 0;
}

static void hear(struct radio *r)
{
	struct capture_event event = {.kind = CAPTURE_NOTIFY,
		.t_us = its_time(r),
		.address = r->address,
		.characteristic = UUID_SIG(0x2a19),
		.value = (const uint8_t *)&r->n,
		.size = sizeof(r->n)};

	assert_true(r->n < EVENTS_MAX);
	r->heard_us[r->n] = w.now_us;
	radio_uplink_note_record(r->uplink, RECORD_MOTION);
	if (roll(20) == 0)
		radio_uplink_note_record(r->uplink, RECORD_POP);
	if ((r->is_symptom[r->n] = roll(20) == 0))
		radio_uplink_note_record(r->uplink, RECORD_SYMPTOM);
	radio_uplink_push(r->uplink, &event);
	r->n++;
}

static void step_radio(struct radio *r, bool is_hearing)
{
	uint8_t bytes[LOSSY_WAY_BYTES];
	size_t size;

	if (is_hearing && roll(4) == 0)
		hear(r);
	while ((size = lossy_way_take(&r->down, w.now_us, bytes)) > 0) {
		const char *text = (const char *)bytes + 1;

		if (bytes[0] == 'f')
			radio_uplink_flow(r->uplink, text, size - 1);
		else
			radio_uplink_clock(r->uplink, text, size - 1, its_time(r), its_time(r));
	}
	radio_uplink_advance(r->uplink, its_time(r));
	assert_true(r->is_cut || radio_uplink_deadline(r->uplink) > its_time(r));
}

static void step_brain(struct radio *r)
{
	uint8_t bytes[LOSSY_WAY_BYTES];
	size_t size;

	while ((size = lossy_way_take(&r->up, w.now_us, bytes)) > 0) {
		const char *text = (const char *)bytes + 1;

		if (bytes[0] == 'b')
			radio_hub_batch(w.hub, r->name, text, size - 1, w.now_us);
		else
			radio_hub_clock(w.hub, r->name, text, size - 1, w.now_us);
	}
}

static void step(bool is_hearing)
{
	w.now_us += STEP_US;
	for (unsigned i = 0; i < RADIOS; i++) {
		step_radio(&w.radio[i], is_hearing);
		step_brain(&w.radio[i]);
	}
	if (roll(50) == 0)
		radio_hub_settle(w.hub);
	if (roll(50) == 0)
		radio_hub_mark(w.hub);
	radio_hub_advance(w.hub, w.now_us);
	assert_true(radio_hub_deadline(w.hub) > w.now_us);
}

static bool is_all_done(void)
{
	for (unsigned i = 0; i < RADIOS; i++) {
		struct radio_uplink_status status;

		radio_uplink_status(w.radio[i].uplink, &status);
		assert_int_equal(status.refused + status.too_long, 0);
		if (status.buffer.bytes)
			return false;
	}
	return true;
}

static void heal(void)
{
	unsigned steps = 0;

	set_trouble(0, 0, US_PER_MS);
	for (unsigned i = 0; i < RADIOS; i++)
		w.radio[i].is_cut = false;
	/* What is in an open batch leaves first. */
	for (unsigned i = 0; i < 20; i++)
		step(false);
	while (!is_all_done() && ++steps < HEALED)
		step(false);
	assert_true(is_all_done());
}

static struct radio_hub_status status_of(unsigned index)
{
	struct radio_hub_status status;

	for (unsigned i = 0; radio_hub_status(w.hub, i, &status); i++)
		if (strcmp(status.name, w.radio[index].name) == 0)
			return status;
	fail_msg("nothing is known of radio %u", index);
	return status;
}

static void all_comes_out_once_and_truly_dated(void **state)
{
	for (uint64_t seed = 1; seed <= 4; seed++) {
		begin(seed, RADIO_BUFFER_BYTES_MAX);
		set_trouble(10 * (unsigned)(seed % 4), 10, 30000 * (int64_t)(seed % 4));
		for (unsigned i = 0; i < STEPS; i++)
			step(true);
		heal();
		for (unsigned i = 0; i < RADIOS; i++) {
			struct radio_hub_status status = status_of(i);

			assert_true(w.radio[i].n > 900);
			assert_int_equal(w.radio[i].n_taken, w.radio[i].n);
			assert_int_equal(status.events, w.radio[i].n);
			assert_int_equal(status.lost, 0);
			assert_true(status.boot == w.radio[i].boot && status.unc_us >= 0);
			assert_true(status.taken > 0 && status.done == status.taken);
			assert_int_equal(status.clock_steps, 0);
		}
		printf("delayed by up to %u ms: stated to %.1f ms at worst\n",
			30 * (unsigned)(seed % 4), w.worst_us / US_PER_MS);
		end();
	}
}

/* One radio is cut off, and its buffer is too small for that. */
static void what_does_not_come_out_is_reported(void **state)
{
	struct radio_uplink_status status;

	begin(1, SMALL_BYTES);
	for (unsigned i = 0; i < STEPS; i++) {
		w.radio[0].is_cut = i > STEPS / 3;
		step(true);
	}
	heal();
	radio_uplink_status(w.radio[0].uplink, &status);
	assert_true(status.buffer.dropped > 100);
	assert_int_equal(status.buffer.lost, 0);
	assert_int_equal(w.radio[0].n_taken + status_of(0).lost, w.radio[0].n);
	/* What was dropped may have been taken, and the word of it not come through. */
	assert_in_range(status_of(0).lost, 100, status.buffer.dropped);
	assert_int_equal(w.radio[1].n_taken, w.radio[1].n);
}

/* All are cut off now and then, and a brain that lags has taken more than it said. */
static void every_loss_is_counted_once(void **state)
{
	uint64_t lost = 0;

	for (uint64_t seed = 1; seed <= 6; seed++) {
		begin(seed, TINY_BYTES);
		set_trouble(5, 5, 20000);
		for (unsigned i = 0; i < STEPS; i++) {
			struct radio *r = &w.radio[roll(RADIOS)];

			if (roll(600) == 0)
				r->is_cut = !r->is_cut;
			step(true);
		}
		heal();
		for (unsigned i = 0; i < RADIOS; i++) {
			assert_int_equal(w.radio[i].n_taken + status_of(i).lost, w.radio[i].n);
			lost += status_of(i).lost;
		}
	}
	assert_true(lost > 1000);
}

/* Each time with another clock; now and then before what it kept the last time has left. */
static void a_radio_that_restarts_goes_on(void **state)
{
	uint64_t restarts = 0;

	for (uint64_t seed = 1; seed <= 4; seed++) {
		begin(seed, RADIO_BUFFER_BYTES_MAX);
		set_trouble(10, 10, 20000);
		for (unsigned i = 0; i < STEPS; i++) {
			step(true);
			if (i % 1000 == 500 || i % 3000 == 510)
				start_radio(&w.radio[i / 1000 % RADIOS], RADIO_BUFFER_BYTES_MAX);
		}
		heal();
		for (unsigned i = 0; i < RADIOS; i++) {
			restarts += status_of(i).restarts;
			assert_int_equal(w.radio[i].n_kept, 0);
			for (unsigned k = 0; k < w.radio[i].n; k++)
				assert_true(w.radio[i].came[k] || !w.radio[i].is_symptom[k]);
			assert_int_equal(w.radio[i].taken, w.radio[i].n - 1);
		}
	}
	assert_true(restarts >= 8);
}

/* It knows no more than what it had been told is done. */
static void restart_brain(void)
{
	struct radio_hub *hub = radio_hub_new(&hub_ops, NULL);
	struct radio_hub_status status;

	for (unsigned i = 0; radio_hub_status(w.hub, i, &status); i++) {
		struct radio *r = radio_of(status.name);

		radio_hub_restore(hub, status.name, status.boot, status.done);
		r->taken = -1;
	}
	radio_hub_free(w.hub);
	w.hub = hub;
}

static void a_brain_that_restarts_goes_on(void **state)
{
	begin(1, RADIO_BUFFER_BYTES_MAX);
	set_trouble(10, 10, 20000);
	for (unsigned i = 0; i < STEPS; i++) {
		step(true);
		if (i % 1000 == 500)
			restart_brain();
	}
	heal();
	for (unsigned i = 0; i < RADIOS; i++) {
		assert_int_equal(status_of(i).restarts + status_of(i).lost, 0);
		assert_int_equal(w.radio[i].taken, w.radio[i].n - 1);
		/* What was not done yet is taken again, and nothing else. */
		assert_true(w.radio[i].n_taken >= w.radio[i].n);
		assert_true(w.radio[i].n_taken < 2 * w.radio[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(all_comes_out_once_and_truly_dated, teardown),
		cmocka_unit_test_teardown(what_does_not_come_out_is_reported, teardown),
		cmocka_unit_test_teardown(every_loss_is_counted_once, teardown),
		cmocka_unit_test_teardown(a_radio_that_restarts_goes_on, teardown),
		cmocka_unit_test_teardown(a_brain_that_restarts_goes_on, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
