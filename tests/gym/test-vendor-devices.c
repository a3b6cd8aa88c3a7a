// SPDX-License-Identifier: MIT
/* The wearables that can be bought: after the real driver's start plan, the real driver decodes
 * what the body really did; what they answer, refuse and advertise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/hex.h"
#include "tests/gym/vendor-listener.h"

static void the_start_plan_streams_what_the_body_did(void **state)
{
	static const struct {
		const char *kind, *driver;
		double wanted_hz, least_hz, most_hz;
		unsigned mtu;
		bool has_orientation;
	} row[] = {
		{"thingy52", "nordic-thingy52", 0, 99, 101, 247, false},
		{"thingy52", "nordic-thingy52", 60, 66, 67.5, 247, false},
		{"thingy52", "nordic-thingy52", 200, 198, 201, 23, false},
		{"movella-dot", "movella-dot", 0, 59.5, 60.5, 247, false},
		{"movella-dot", "movella-dot", 0, 59.5, 60.5, 23, true},
		{"witmotion", "witmotion", 0, 98, 102, 247, false},
		{"witmotion", "witmotion", 50, 49, 51, 23, false},
		{"witmotion", "witmotion", 20, 19, 21, 247, false},
		{"witmotion-logger", "witmotion", 0, 98, 102, 247, false},
		{"movesense", "movesense", 0, 102, 106, 247, false},
		{"movesense", "movesense", 13, 12.7, 13.3, 247, false},
		{"movesense", "movesense", 26, 25.5, 26.5, 247, false},
		{"movesense", "movesense", 52, 51, 53, 247, false},
		{"movesense", "movesense", 200, 205, 211, 247, false},
		{"metamotion", "mbient-metamotion", 0, 99, 101, 23, false},
		{"metamotion-r", "mbient-metamotion", 0, 99, 101, 247, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		double hz;
		unsigned before;
		struct vendor_listener w;

		vendor_begin(&w, row[i].kind, "thigh-right", row[i].wanted_hz, VENDOR_MOVING);
		assert_string_equal(planner_driver(w.planner)->id, row[i].driver);
		vendor_start(&w, row[i].mtu);
		vendor_listen(&w, VENDOR_READY_US);
		before = row[i].has_orientation ? w.orientations : w.samples;
		vendor_listen(&w, VENDOR_END_US);
		hz = ((row[i].has_orientation ? w.orientations : w.samples) - before) * 1e6 /
		     (double)(VENDOR_END_US - VENDOR_READY_US);
		if (hz < row[i].least_hz || hz > row[i].most_hz)
			fail_msg("%s: %g samples a second", row[i].kind, hz);
		vendor_check(&w, row[i].kind);
		vendor_end(&w);
	}
}

static void the_microphone_hears_a_pop(void **state)
{
	struct vendor_listener w;
	int64_t pop_us;

	vendor_begin(&w, "thingy52", "hip-right", 0, "\tlie 4\n\tpop hip-right at here\n\tlie 2\n");
	vendor_start(&w, 247);
	vendor_listen(&w, 6 * (int64_t)US_PER_S);
	assert_int_equal(w.d->config.n_sounds, 1);
	pop_us = w.d->config.sound[0].t_us;
	assert_in_range(w.sounds, 335, 345);
	/* It rises within 1.5 ms, and one of the first swings is the loudest. */
	assert_in_range(w.loudest_us - pop_us, 0, 5000);
	assert_true(fabs(20 * log10(w.loudest) - w.d->config.sound[0].sound.peak_db) < 2);
	vendor_end(&w);
	/* A wearable that is not a pad streams no sound. */
	vendor_begin(&w, "thingy52", "thigh-left", 0, "\tlie 4\n");
	vendor_start(&w, 247);
	vendor_listen(&w, 2 * (int64_t)US_PER_S);
	assert_int_equal(w.sounds, 0);
	vendor_end(&w);
}

static void a_hard_knock_is_clipped_at_two_g(void **state)
{
	struct vendor_listener w;

	vendor_begin(
		&w, "thingy52", "hip-right", 0, "\tlie 4\n\ttap it at here knock 6\n\tlie 2\n");
	vendor_start(&w, 247);
	vendor_listen(&w, 3 * (int64_t)US_PER_S);
	assert_int_equal(w.clipped, 0);
	vendor_listen(&w, 6 * (int64_t)US_PER_S);
	assert_in_range(w.clipped, 1, 4);
	vendor_end(&w);
}

static void button_battery_and_heart_rate_are_reported(void **state)
{
	static const struct {
		const char *kind;
		bool has_button, has_battery, has_heart;
	} row[] = {
		{"thingy52", true, false, false},
		{"movella-dot", true, false, false},
		{"witmotion", false, true, false},
		{"movesense", false, false, true},
		{"metamotion", true, true, false},
		{"metamotion-r", true, true, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct vendor_listener w;

		vendor_begin(&w, row[i].kind, "thigh-right", 0,
			row[i].has_button ? "\tlie 4\n\tsymptom discomfort by button\n\tlie 9\n"
					  : "\tlie 13\n");
		vendor_start(&w, 247);
		vendor_listen(&w, 10 * (int64_t)US_PER_S);
		assert_int_equal(w.symptoms, row[i].has_button);
		assert_int_equal(w.batteries, row[i].has_battery);
		if (row[i].has_battery)
			assert_true(fabsf(w.battery - 62) <= 1);
		assert_int_equal(w.hearts, row[i].has_heart ? 10 : 0);
		vendor_end(&w);
	}
}

static void invalid_writes_are_refused(void **state)
{
	static const struct {
		const char *kind, *to, *hex;
		int result;
	} row[] = {
		{"thingy52", THINGY("0401"), "e803f401f4010400", -0x03},
		{"thingy52", THINGY("0401"), "e803f401f401040001", -0x03}, /* 4 Hz */
		{"thingy52", THINGY("0401"), "6300f401f401640001", -0x03},
		{"thingy52", THINGY("0401"), "e803f401f401640001", 0},
		{"thingy52", THINGY("0301"), "05", -0x03},
		{"thingy52", THINGY("0406"), "00", -0x03},
		{"movella-dot", DOT("2001"), "010115", -0xfd}, /* not subscribed */
		{"movella-dot", DOT("2001"), "010101", -0x13}, /* high fidelity */
		{"movella-dot", DOT("2001"), "0201", -0x0d},
		{"movella-dot", DOT("7001"), "020102fc", -0x13}, /* checksum */
		{"movella-dot", DOT("7001"), "020102fb", 0},
		{"movella-dot", DOT("1002"), "10", -0x0d},
		{"movesense", GSP("1"), "01", -0x0d},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct vendor_listener w;

		vendor_begin(&w, row[i].kind, "thigh-right", 0, "\tlie 9\n");
		device_connected(w.d, 1000, 247);
		assert_int_equal(vendor_put(&w, row[i].to, row[i].hex), row[i].result);
		vendor_end(&w);
	}
}

/* The notification that answers a command. */
static void answers(const char *kind, const char *command, const char *notify, const char *hex,
	const char *expected)
{
	char text[128] = "";
	struct device_pdu pdu;
	struct vendor_listener w;

	vendor_begin(&w, kind, "thigh-right", 0, "\tlie 9\n");
	device_connected(w.d, 1000, 247);
	vendor_subscribe(&w, notify);
	assert_int_equal(vendor_put(&w, command, hex), 0);
	if (device_take(w.d, 1500, &pdu))
		hex_encode(pdu.value, pdu.size < 60 ? pdu.size : 60, text);
	assert_string_equal(text, expected);
	vendor_end(&w);
}

static void commands_are_answered(void **state)
{
	answers("movesense", GSP("1"), GSP("2"), "01632f4d6561732f494d55362f3532", "0163c800");
	answers("movesense", GSP("1"), GSP("2"), "01632f4d6561732f494d55362f3533", "01639001");
	answers("movesense", GSP("1"), GSP("2"), "01632f4d6561732f4e4f", "01639401");
	answers("movesense", GSP("1"), GSP("2"), "01002f4d6561732f4852", "01009001");
	answers("movesense", GSP("1"), GSP("2"), "0263", "01639401");
	answers("movesense", GSP("1"), GSP("2"), "04052f53797374656d2f456e657267792f4c6576656c",
		"0105c8003e");
	answers("metamotion", META("01"), META("06"), "0380", "03800401");
	answers("metamotion-r", META("01"), META("06"), "1380", "13800001");
	answers("metamotion", META("01"), META("06"), "1580", "1580");
	answers("metamotion", META("01"), META("06"), "118c", "118c3ed40e");
	answers("metamotion", META("01"), META("06"), "09020304ffa0113103", "090200");
	answers("metamotion", META("01"), META("06"), "11cc", "");
	answers("movella-dot", DOT("7001"), DOT("7003"), "020108f5", "02025109a2");
}

/* Locked registers keep their value; what was not saved is lost with the power. */
static void witmotion_forgets_what_was_not_saved(void **state)
{
	static const struct {
		const char *before[3];
		unsigned least, most; /* notifications of a second after the restart */
	} row[] = {
		{{"ffaa030900", "ffaa000000", "ffaa030900"}, 8, 12},
		{{"ffaa6988b5", "ffaa030900", "ffaa030900"}, 8, 12},
		{{"ffaa6988b5", "ffaa030800", "ffaa000000"}, 40, 60},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		unsigned before;
		struct vendor_listener w;

		vendor_begin(
			&w, "witmotion", "thigh-right", 0, "\tfault it reboot at 2\n\tlie 9\n");
		device_connected(w.d, 1000, 247);
		vendor_subscribe(&w, WIT("e4"));
		for (unsigned k = 0; k < 3; k++)
			assert_int_equal(vendor_put(&w, WIT("e9"), row[i].before[k]), 0);
		vendor_listen(&w, 2 * (int64_t)US_PER_S);
		device_disconnected(w.d, 3 * (int64_t)US_PER_S);
		device_connected(w.d, 5 * (int64_t)US_PER_S, 247);
		vendor_subscribe(&w, WIT("e4"));
		vendor_listen(&w, 6 * (int64_t)US_PER_S);
		before = w.samples;
		vendor_listen(&w, 7 * (int64_t)US_PER_S);
		assert_in_range(w.samples - before, row[i].least, row[i].most);
		vendor_end(&w);
	}
}

/* What the driver matches is in the adverts, so `driver = auto` and a filtered scan find it. */
static void adverts_identify_the_wearable(void **state)
{
	static const struct {
		const char *kind;
		bool has_service, has_name;
		int company; /* -1: none */
	} row[] = {
		{"thingy52", true, false, 0x0059},
		{"movella-dot", false, true, 0x0886},
		{"witmotion", false, true, -1},
		{"movesense", false, true, 0x009f},
		{"metamotion", true, true, -1},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const struct driver_match *match;
		bool has_service = false, has_name = false;
		int company = -1;
		struct vendor_listener w;

		vendor_begin(&w, row[i].kind, "thigh-right", 0, "\tlie 9\n");
		match = &planner_driver(w.planner)->match;
		for (unsigned part = 0; part < 2; part++) {
			uint8_t b[31];
			size_t n = part ? device_scan_response(w.d, b) : device_advert(w.d, b);

			assert_in_range(n, 3, 31);
			for (size_t at = 0; at < n; at += b[at] + 1u) {
				const uint8_t *data = b + at + 2;
				uint8_t uuid[16];

				assert_true(at + b[at] + 1u <= n);
				for (unsigned k = 0; k < 16 && b[at] == 17; k++)
					uuid[k] = data[15 - k];
				has_service = has_service ||
					      ((b[at + 1] == 6 || b[at + 1] == 7) &&
						      memcmp(uuid, match->services[0].b, 16) == 0);
				has_name = has_name ||
					   (b[at + 1] == 9 && match->name_prefix &&
						   memcmp(data, match->name_prefix,
							   strlen(match->name_prefix)) == 0);
				if (b[at + 1] == 0xff)
					company = data[0] | data[1] << 8;
			}
		}
		assert_int_equal(has_service, row[i].has_service);
		assert_int_equal(has_name, row[i].has_name);
		assert_int_equal(company, row[i].company);
		vendor_end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_start_plan_streams_what_the_body_did),
		cmocka_unit_test(the_microphone_hears_a_pop),
		cmocka_unit_test(a_hard_knock_is_clipped_at_two_g),
		cmocka_unit_test(button_battery_and_heart_rate_are_reported),
		cmocka_unit_test(invalid_writes_are_refused),
		cmocka_unit_test(commands_are_answered),
		cmocka_unit_test(witmotion_forgets_what_was_not_saved),
		cmocka_unit_test(adverts_identify_the_wearable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
