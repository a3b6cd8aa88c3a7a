// SPDX-License-Identifier: MIT
/* A radio whose brain changes its mind, restarts and makes mistakes, while wearables connect, send and
 * get lost: no link that works is dropped, and all that is received goes up.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/generator.h"
#include "coxad/config/conf-read.h"
#include "coxad/flow/radio-station.h"
#include "coxad/wire/radio-batch.h"
#include "tests/flow/intake-world.h"

#define SENSORS 40
#define STEPS   3000
#define UP_MAX  512
#define NOWHERE CONF_WEARABLES_MAX

struct sensor {
	char address[ADDRESS_SIZE];
	bool is_listed, is_served, is_elsewhere, is_connected;
	unsigned index; /* NOWHERE: not served */
};

static struct world {
	uint64_t dice;
	int64_t now_us, epoch;
	struct conf *conf;
	struct radio_uplink *uplink;
	struct radio_station *station;
	struct sensor sensor[SENSORS];
	struct conf_change change;
	struct radio_batch_reader *reader;
	size_t n_up;
	enum capture_kind up[UP_MAX]; /* what went up since it was last cleared */
	char up_address[UP_MAX][ADDRESS_SIZE];
} w;

static unsigned roll(unsigned n)
{
	return generator_splitmix(&w.dice) % n;
}

static bool serves(void *user, const char *radio, const char *address)
{
	return true;
}

static bool can_send(void *user)
{
	return true;
}

static void on_batch(void *user, const char *text, size_t size)
{
	struct radio_batch_head head;
	struct capture_event event;

	assert_int_equal(radio_batch_open(w.reader, "mat-1", text, size, &head), RADIO_REASON_NONE);
	while (radio_batch_next(w.reader, &event) == 1) {
		assert_true(w.n_up < UP_MAX);
		memcpy(w.up_address[w.n_up], event.address, ADDRESS_SIZE);
		w.up[w.n_up++] = event.kind;
	}
}

static void on_clock(void *user, const char *text, size_t size)
{
}

static const struct radio_uplink_ops uplink_ops = {
	.can_send = can_send, .batch = on_batch, .clock = on_clock};

static struct conf *read_conf(void)
{
	const struct conf_source source = {"radio", "[gateway]\nname = mat-1\n", 23};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	assert_int_equal(conf_read(&source, 1, &conf, &errors), 0);
	return conf;
}

static void begin(uint64_t seed, size_t bytes_max)
{
	memset(&w, 0, sizeof(w));
	w.dice = seed;
	w.now_us = 100 * SECOND;
	w.epoch = 1;
	w.conf = read_conf();
	w.uplink = radio_uplink_new("mat-1", 7, bytes_max, &uplink_ops, NULL);
	w.station = radio_station_new(w.conf, w.uplink);
	w.reader = radio_batch_reader_new(serves, NULL);
	for (unsigned i = 0; i < SENSORS; i++) {
		snprintf(w.sensor[i].address, ADDRESS_SIZE, "C0:A5:00:00:00:%02X", i);
		w.sensor[i].index = NOWHERE;
	}
}

static void end(void)
{
	radio_station_free(w.station);
	radio_uplink_free(w.uplink);
	radio_batch_reader_free(w.reader);
	conf_free(w.conf);
}

static void pass(int64_t us)
{
	w.now_us += us;
	radio_uplink_advance(w.uplink, w.now_us);
}

/* --- what the brain does --- */

/* Who was there stays at its index; who has come is known by one. */
static void check_indexes(void)
{
	for (unsigned i = 0; i < SENSORS; i++) {
		struct sensor *s = &w.sensor[i];
		int at = conf_find_address(w.conf, s->address);

		if (s->index != NOWHERE && at >= 0)
			assert_int_equal(at, s->index);
		if (at >= 0)
			assert_string_equal(w.conf->kit[w.conf->wearable[at].kit].name, "3");
		s->index = at < 0 ? NOWHERE : (unsigned)at;
	}
}

static void check_served(void)
{
	for (unsigned i = 0; i < SENSORS; i++) {
		const struct sensor *s = &w.sensor[i];
		bool is_here = conf_find_address(w.conf, s->address) >= 0;
		bool is_kept = s->is_connected && s->is_listed && !s->is_elsewhere;

		assert_int_equal(is_here, (s->is_listed && s->is_served) || is_kept);
	}
}

static void follow(void)
{
	for (unsigned i = 0; i < SENSORS; i++) {
		struct sensor *s = &w.sensor[i];

		if (s->index == NOWHERE || w.change.wearable[s->index] != CONF_FATE_REMOVED)
			continue;
		assert_true(!s->is_connected || !s->is_listed || s->is_elsewhere);
		s->is_connected = false;
	}
	conf_merge_done(&w.change);
	check_indexes();
	check_served();
}

static struct radio_list list;

static void list_one(const char *address, bool is_served, const char *driver, const char *radio)
{
	struct radio_list_wearable *listed = &list.wearable[list.n++];

	*listed = (struct radio_list_wearable){.is_served = is_served, .kit = "3"};
	snprintf(listed->address, sizeof(listed->address), "%s", address);
	snprintf(listed->driver, sizeof(listed->driver), "%s", driver);
	snprintf(listed->radio, sizeof(listed->radio), "%s", radio);
}

static void give_list(void)
{
	list.n = 0;
	list.epoch = w.epoch;
	for (unsigned i = 0; i < SENSORS; i++) {
		const struct sensor *s = &w.sensor[i];

		if (s->is_listed)
			list_one(s->address, s->is_served, i % 2 ? "coxa" : "",
				s->is_elsewhere ? "mat-2" : "");
	}
	radio_station_serve(w.station, w.now_us, &list, &w.change);
	assert_int_equal(radio_station_refused(w.station), 0);
	follow();
}

/* The places of those that have gone are free again after a while. */
static void change_list(void)
{
	w.now_us += CONF_MERGE_HELD_US;
	for (unsigned i = 0; i < SENSORS; i++) {
		struct sensor *s = &w.sensor[i];

		if (roll(16) == 0)
			s->is_listed = !s->is_listed;
		if (roll(4) == 0)
			s->is_served = roll(2);
		s->is_elsewhere = !s->is_served && roll(8) == 0;
	}
	w.epoch += roll(4) == 0;
	give_list();
}

/* --- what wearables do --- */

static struct capture_event event_of(const struct sensor *s, enum capture_kind kind)
{
	return (struct capture_event){.kind = kind,
		.t_us = w.now_us,
		.address = s->address,
		.mtu = 247,
		.why = "lost",
		.rssi_dbm = -60};
}

static void give(const struct sensor *s, enum capture_kind kind)
{
	struct capture_event event = event_of(s, kind);

	radio_station_event(w.station, &event);
}

static void step_sensor(struct sensor *s)
{
	if (s->index == NOWHERE)
		return;
	if (!s->is_connected && roll(2)) {
		give(s, CAPTURE_CONNECTED);
		s->is_connected = true;
	} else if (s->is_connected && roll(10) == 0) {
		give(s, CAPTURE_DISCONNECTED);
		s->is_connected = false;
	} else {
		give(s, CAPTURE_RSSI);
	}
}

static void a_link_that_works_is_never_dropped(void **state)
{
	begin(1, RADIO_BUFFER_BYTES_MAX);
	for (unsigned step = 0; step < STEPS; step++) {
		w.n_up = 0;
		step_sensor(&w.sensor[roll(SENSORS)]);
		if (radio_station_advance(w.station, w.now_us, &w.change))
			follow();
		assert_true(radio_station_deadline(w.station) > w.now_us);
		if (roll(10) == 0)
			change_list();
		pass(RADIO_BATCH_US);
	}
	end();
}

/* --- another brain --- */

static void note_read(const struct sensor *s, unsigned sig, const char *value)
{
	struct capture_event event = event_of(s, CAPTURE_READ);

	event.characteristic = UUID_SIG(sig);
	event.value = (const uint8_t *)value;
	event.size = strlen(value);
	radio_station_event(w.station, &event);
}

static void begin_with_two_links(void)
{
	begin(1, RADIO_BUFFER_BYTES_MAX);
	for (unsigned i = 0; i < 3; i++)
		w.sensor[i].is_listed = w.sensor[i].is_served = true;
	give_list();
	for (unsigned i = 0; i < 2; i++) {
		give(&w.sensor[i], CAPTURE_CONNECTED);
		w.sensor[i].is_connected = true;
		note_read(&w.sensor[i], 0x2a26, "1.0");
	}
	pass(SECOND);
	assert_int_equal(w.n_up, 4);
	w.n_up = 0;
}

static void a_new_brain_learns_of_every_link(void **state)
{
	begin_with_two_links();
	give_list();
	pass(SECOND);
	assert_int_equal(w.n_up, 0);
	w.epoch++;
	give_list();
	pass(SECOND);
	assert_int_equal(w.n_up, 4);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(w.up[i], i % 2 ? CAPTURE_READ : CAPTURE_CONNECTED);
		assert_string_equal(w.up_address[i], w.sensor[i / 2].address);
	}
	end();
}

static void what_is_not_to_be_served_is_kept_while_it_works(void **state)
{
	begin_with_two_links();
	w.sensor[0].is_served = w.sensor[2].is_served = false;
	give_list();
	assert_true(w.sensor[0].index != NOWHERE && w.sensor[2].index == NOWHERE);
	give(&w.sensor[0], CAPTURE_DISCONNECTED);
	w.sensor[0].is_connected = false;
	assert_true(radio_station_advance(w.station, w.now_us, &w.change));
	follow();
	assert_int_equal(w.sensor[0].index, NOWHERE);
	end();
}

static void only_what_another_radio_has_is_dropped(void **state)
{
	struct radio_station_seen seen;

	begin_with_two_links();
	w.sensor[0].is_served = false;
	w.sensor[0].is_elsewhere = true;
	give_list();
	assert_int_equal(w.sensor[0].index, NOWHERE);
	assert_true(radio_station_look(w.station, w.sensor[1].index, &seen));
	assert_true(seen.is_connected);
	/* Its link is still ending, and the other radio's is not. */
	give(&w.sensor[0], CAPTURE_DISCONNECTED);
	w.epoch++;
	give_list();
	pass(SECOND);
	assert_int_equal(w.n_up, 2);
	assert_string_equal(w.up_address[0], w.sensor[1].address);
	end();
}

static void its_own_configuration_moves_no_wearable(void **state)
{
	struct conf *fresh = read_conf();

	begin_with_two_links();
	fresh->bluetooth.slots = 3;
	radio_station_reconfigure(w.station, w.now_us, fresh, &w.change);
	conf_free(fresh);
	assert_int_equal(w.conf->bluetooth.slots, 3);
	assert_false(conf_merge_is_any(&w.change));
	follow();
	end();
}

/* --- a list that cannot be served --- */

static void an_unknown_driver_is_left_out(void **state)
{
	begin(1, RADIO_BUFFER_BYTES_MAX);
	list.n = 0;
	list_one("C0:A5:00:00:00:01", true, "of-next-year", "");
	list_one("C0:A5:00:00:00:02", true, "coxa", "");
	radio_station_serve(w.station, w.now_us, &list, &w.change);
	conf_merge_done(&w.change);
	assert_int_equal(radio_station_refused(w.station), 1);
	assert_int_equal(w.conf->n_wearables, 1);
	assert_int_equal(radio_station_list(w.station)->n, 2);
	end();
}

static void serve_range(unsigned from)
{
	list.n = 0;
	for (unsigned i = from; i < from + RADIO_LIST_WEARABLES_MAX; i++) {
		char address[ADDRESS_SIZE];

		snprintf(address, sizeof(address), "C0:A5:00:00:%02X:%02X", i >> 8 & 255, i & 255);
		list_one(address, true, "", "");
	}
	radio_station_serve(w.station, w.now_us, &list, &w.change);
	conf_merge_done(&w.change);
}

static size_t served(void)
{
	size_t n = 0;

	for (size_t i = 0; i < w.conf->n_wearables; i++)
		n += !w.conf->wearable[i].is_gone;
	return n;
}

static void who_finds_no_place_gets_one_later(void **state)
{
	begin(1, RADIO_BUFFER_BYTES_MAX);
	serve_range(0);
	assert_int_equal(served(), CONF_WEARABLES_MAX);
	w.now_us += SECOND;
	serve_range(RADIO_LIST_WEARABLES_MAX);
	assert_int_equal(served(), 0);
	assert_int_equal(radio_station_refused(w.station), RADIO_LIST_WEARABLES_MAX);
	while (served() == 0) {
		w.now_us = radio_station_deadline(w.station);
		assert_true(w.now_us <= 100 * SECOND + 2 * CONF_MERGE_HELD_US);
		assert_true(radio_station_advance(w.station, w.now_us, &w.change));
		conf_merge_done(&w.change);
	}
	assert_int_equal(served(), CONF_WEARABLES_MAX);
	end();
}

/* --- what may be dropped --- */

static void receive(const struct sensor *s, enum capture_kind kind, uint8_t number,
	const uint8_t *value, size_t size)
{
	struct capture_event event = event_of(s, kind);

	uuid_from_string("c0a50000-9bc6-4808-a8bd-20fbe3fc7d8c", &event.characteristic);
	event.characteristic.b[3] = number;
	event.value = value;
	event.size = size;
	radio_station_event(w.station, &event);
}

static void send_motion(unsigned sequence)
{
	uint8_t packet[8 + 12] = {0};

	intake_world_put(packet, sequence, 2);
	intake_world_put(packet + 2, sequence * RADIO_BATCH_US, 4);
	intake_world_put(packet + 6, RADIO_BATCH_US, 2);
	receive(&w.sensor[0], CAPTURE_NOTIFY, 4, packet, sizeof(packet));
}

static void send_symptom(unsigned sequence)
{
	const uint8_t packet[10] = {[0] = (uint8_t)sequence, [6] = SYMPTOM_SHARP};

	receive(&w.sensor[0], CAPTURE_NOTIFY, 7, packet, sizeof(packet));
}

static void only_streams_are_dropped(void **state)
{
	const uint8_t info[20] = {1, 0x1f, 8, 2, 0xe8, 3, 104, 0, 0x40, 0x1f, 0, 0, 1};
	struct radio_uplink_status status;

	begin(1, 30000);
	w.sensor[0].is_listed = w.sensor[0].is_served = true;
	give_list();
	give(&w.sensor[0], CAPTURE_CONNECTED);
	receive(&w.sensor[0], CAPTURE_READ, 2, info, sizeof(info));
	for (unsigned i = 0; i < 200; i++) {
		send_motion(i);
		if (i % 50 == 0)
			send_symptom(i);
		pass(RADIO_BATCH_US);
	}
	radio_uplink_status(w.uplink, &status);
	assert_in_range(status.buffer.dropped, 50, 199);
	assert_int_equal(status.buffer.lost, 0);
	end();
}

static void each_wearable_has_its_own_driver(void **state)
{
	struct uuid info;
	struct driver_peer peer = {.characteristics = &info, .n_characteristics = 1};
	struct radio_station_seen seen;
	struct driver_step step;

	begin_with_two_links();
	assert_null(radio_station_driver(w.station, w.sensor[0].index));
	assert_non_null(radio_station_driver(w.station, w.sensor[1].index));
	uuid_from_string("c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", &info);
	assert_int_equal(radio_station_plan(
				 w.station, w.sensor[0].index, &peer, DRIVER_PLAN_START, 0, &step),
		1);
	assert_string_equal(radio_station_driver(w.station, w.sensor[0].index)->id, "coxa");
	radio_station_problem(w.station, w.sensor[0].index, WEARABLE_PROBLEM_BOND_LOST);
	assert_true(radio_station_look(w.station, w.sensor[0].index, &seen));
	assert_int_equal(seen.problem, WEARABLE_PROBLEM_BOND_LOST);
	assert_string_equal(seen.driver->id, "coxa");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_link_that_works_is_never_dropped),
		cmocka_unit_test(a_new_brain_learns_of_every_link),
		cmocka_unit_test(what_is_not_to_be_served_is_kept_while_it_works),
		cmocka_unit_test(only_what_another_radio_has_is_dropped),
		cmocka_unit_test(its_own_configuration_moves_no_wearable),
		cmocka_unit_test(an_unknown_driver_is_left_out),
		cmocka_unit_test(who_finds_no_place_gets_one_later),
		cmocka_unit_test(only_streams_are_dropped),
		cmocka_unit_test(each_wearable_has_its_own_driver),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
