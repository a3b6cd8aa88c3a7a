// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/bytes.h"
#include "gym/gym-private.h"

#define S 1000000

enum { INFORMATION, CONTROL, MOTION, POP, ACOUSTIC, SYMPTOM };

static const char head[] =
	"athlete ana\n"
	"kit 3\n\tathlete ana\n"
	"wearable pelvis\n\taddress C0:A5:00:00:03:01\n\tkit 3\n\tplacement pelvis\n"
	"wearable hip\n\taddress C0:A5:00:00:03:03\n\tkit 3\n"
	"\tplacement hip-right\n\tclock 4294000000\n";

static struct gym *gym_with(const char *timeline)
{
	char text[4096], error[256] = "";
	struct gym *gym;

	snprintf(text, sizeof(text), "%stimeline ana\n%s", head, timeline);
	gym = gym_from_text("test", text, 1, error, sizeof(error));
	if (!gym)
		fail_msg("%s", error);
	return gym;
}

/* Takes everything up to an instant. Returns the number of values of a characteristic, and keeps
 * the last one. */
static unsigned drain(
	struct device *d, int64_t until_us, unsigned characteristic, struct device_pdu *ret_last)
{
	struct device_pdu pdu;
	unsigned n = 0;

	while (device_next(d) <= until_us) {
		int64_t t_us = device_next(d);
		while (device_take(d, t_us, &pdu)) {
			if (pdu.is_indication)
				device_confirmed(d, t_us, pdu.characteristic);
			if (pdu.characteristic != characteristic)
				continue;
			n++;
			if (ret_last)
				*ret_last = pdu;
		}
	}
	return n;
}

static void connect(struct device *d, int64_t t_us, unsigned mtu, uint8_t streams)
{
	uint8_t start[2] = {0x01, streams};

	device_connected(d, t_us, mtu);
	device_subscribe(d, t_us, CONTROL, 2);
	device_subscribe(d, t_us, MOTION, 1);
	device_subscribe(d, t_us, POP, 1);
	device_subscribe(d, t_us, SYMPTOM, 2);
	assert_int_equal(device_write(d, t_us, CONTROL, start, 2), 0);
}

static void motion_packets_follow_each_other_and_wrap(void **state)
{
	struct gym *gym = gym_with("\twait 5\n");
	struct device *d = gym_get_device(gym, 1);
	struct device_pdu pdu;
	uint32_t last_end = 0, last = 0;
	uint16_t last_sequence = 0;
	bool has_wrapped = false;

	connect(d, S / 10, 247, 1);
	for (unsigned i = 0; i < 100; i++) {
		struct bytes b;
		uint16_t sequence, interval;
		uint32_t time;

		while (!device_take(d, device_next(d), &pdu) || pdu.characteristic != MOTION)
			if (pdu.is_indication)
				device_confirmed(d, S / 10, CONTROL);
		b = bytes_of(pdu.value, pdu.size);
		sequence = bytes_le16(&b);
		time = bytes_le32(&b);
		interval = bytes_le16(&b);
		assert_int_equal(bytes_left(&b) % 12, 0);
		if (i) {
			assert_int_equal((uint16_t)(sequence - last_sequence), 1);
			assert_in_range(time - last_end + 2, 0, 4);
		}
		has_wrapped |= time < last;
		last = time;
		last_sequence = sequence;
		last_end = time + (uint32_t)(bytes_left(&b) / 12) * interval;
	}
	assert_true(has_wrapped);
	gym_free(gym);
}

static void small_mtu_gives_one_sample_a_packet(void **state)
{
	struct gym *gym = gym_with("\twait 5\n");
	struct device *d = gym_get_device(gym, 0);
	struct device_pdu pdu;

	connect(d, 0, 23, 1);
	assert_in_range(drain(d, S, MOTION, &pdu), 102, 105);
	assert_int_equal(pdu.size, 20);
	gym_free(gym);
}

static void pops_missed_by_a_lost_link_are_sent_again(void **state)
{
	static const uint8_t resend[] = {0x05, 1, 0};
	struct gym *gym = gym_with("\tpop hip-right at 1\n\tpop hip-right at 3\n"
				   "\tpop hip-right at 4\n");
	struct device *d = gym_get_device(gym, 1);
	uint8_t information[DEVICE_VALUE_MAX];
	struct device_pdu pdu;

	connect(d, 0, 247, 2);
	assert_int_equal(drain(d, 2 * S, POP, &pdu), 1);
	assert_int_equal(pdu.value[0], 1);
	assert_int_equal(pdu.value[19], 0);
	device_disconnected(d, 2 * S);
	connect(d, 6 * S, 247, 2);
	assert_int_equal(drain(d, 7 * S, POP, NULL), 0);
	assert_int_equal(device_read(d, 7 * S, INFORMATION, information), 20);
	assert_int_equal(information[18], 3);
	assert_int_equal(device_write(d, 7 * S, CONTROL, resend, sizeof(resend)), 0);
	assert_int_equal(drain(d, 8 * S, POP, &pdu), 2);
	assert_int_equal(pdu.value[0], 3);
	assert_int_equal(pdu.value[19], 0x80);
	gym_free(gym);
}

static void a_symptom_comes_again_until_it_is_confirmed(void **state)
{
	struct gym *gym =
		gym_with("\tsymptom sharp site hip side right intensity 5 by button at 1\n");
	struct device *d = gym_get_device(gym, 1);
	struct device_pdu pdu;

	connect(d, 0, 247, 8);
	assert_int_equal(drain(d, S / 2, SYMPTOM, NULL), 0);
	while (!device_take(d, device_next(d), &pdu))
		;
	assert_int_equal(pdu.characteristic, SYMPTOM);
	device_disconnected(d, 2 * S);
	connect(d, 3 * S, 247, 8);
	assert_int_equal(drain(d, 4 * S, SYMPTOM, &pdu), 1);
	assert_memory_equal(pdu.value + 6, ((uint8_t[]){2, 2, 2, 5}), 4);
	device_disconnected(d, 5 * S);
	connect(d, 6 * S, 247, 8);
	assert_int_equal(drain(d, 7 * S, SYMPTOM, NULL), 0);
	gym_free(gym);
}

static void a_reboot_gives_a_new_boot_and_forgets(void **state)
{
	struct gym *gym = gym_with("\tpop hip-right at 1\n\tfault hip reboot at 3\n\twait 10\n");
	struct device *d = gym_get_device(gym, 1);
	uint8_t before[DEVICE_VALUE_MAX], after[DEVICE_VALUE_MAX];

	assert_int_equal(device_read(d, 2 * S, INFORMATION, before), 20);
	assert_int_equal(before[18], 1);
	assert_true(device_is_reachable(d, 2 * S));
	assert_false(device_is_reachable(d, 3 * S + S / 2));
	assert_true(device_is_reachable(d, 5 * S));
	assert_int_equal(device_read(d, 5 * S, INFORMATION, after), 20);
	assert_memory_not_equal(before + 12, after + 12, 4);
	assert_int_equal(after[18], 0);
	gym_free(gym);
}

static void the_control_point_answers(void **state)
{
	static const struct {
		uint8_t write[4];
		size_t size;
		uint8_t status;
	} row[] = {
		{{0x01, 0x80}, 2, 2},
		{{0x01}, 1, 2},
		{{0x55}, 1, 1},
		{{0x06}, 1, 0},
		{{0x03, 104, 0}, 3, 0},
		{{0x03, 0, 0}, 3, 2},
		{{0x08, 9}, 2, 2},
		{{0x08, 3}, 2, 0},
	};
	struct gym *gym = gym_with("\twait 5\n");
	struct device *d = gym_get_device(gym, 1);
	struct device_pdu pdu;

	assert_true(device_write(d, 0, CONTROL, row[0].write, 2) < 0);
	connect(d, 0, 247, 0);
	drain(d, 1, CONTROL, NULL);
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_int_equal(device_write(d, S, CONTROL, row[i].write, row[i].size), 0);
		assert_int_equal(drain(d, S, CONTROL, &pdu), 1);
		assert_int_equal(pdu.value[0], row[i].write[0] | 0x80);
		assert_int_equal(pdu.value[1], row[i].status);
	}
	assert_int_equal(d->n_orders, 1);
	gym_free(gym);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(motion_packets_follow_each_other_and_wrap),
		cmocka_unit_test(small_mtu_gives_one_sample_a_packet),
		cmocka_unit_test(pops_missed_by_a_lost_link_are_sent_again),
		cmocka_unit_test(a_symptom_comes_again_until_it_is_confirmed),
		cmocka_unit_test(a_reboot_gives_a_new_boot_and_forgets),
		cmocka_unit_test(the_control_point_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
