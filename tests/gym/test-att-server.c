// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gym/att-server.h"
#include "tests/gym/bare-device.h"

/* The table of the bare device: GAP 1-5, GATT 6-9, its own 10-18, device information 19-21. */
#define HANDLE_INFORMATION 12
#define HANDLE_CONTROL     14
#define HANDLE_CONTROL_CCC 15
#define HANDLE_MOTION      17
#define HANDLE_MOTION_CCC  18
#define HANDLE_TEXT        21

struct fixture {
	struct device device;
	struct att_server *server;
	uint8_t out[ATT_PDU_MAX];
	size_t n;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	bare_device_init(&f->device, 0x0301);
	f->server = att_server_new(&f->device);
	att_server_connected(f->server, 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	att_server_free(f->server);
	free(f);
	return 0;
}

#define ASK(f, ...)                                                                                \
	((f)->n = att_server_received((f)->server, 0, (const uint8_t[]){__VA_ARGS__},              \
		 sizeof((const uint8_t[]){__VA_ARGS__}), (f)->out))
#define EXPECT(f, ...)                                                                             \
	do {                                                                                       \
		const uint8_t expected_[] = {__VA_ARGS__};                                         \
		assert_int_equal((f)->n, sizeof(expected_));                                       \
		assert_memory_equal((f)->out, expected_, sizeof(expected_));                       \
	} while (0)

static void mtu(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(att_server_mtu(f->server), 23);
	ASK(f, 0x02, 0x05, 0x02);
	EXPECT(f, 0x03, 247, 0);
	assert_int_equal(f->device.mtu, 247);
	ASK(f, 0x02, 5, 0);
	assert_int_equal(f->device.mtu, 23);
}

/* Primary services until Not Found, as a central discovers them. */
static void services(void **state)
{
	struct fixture *f = *state;

	ASK(f, 0x10, 1, 0, 0xff, 0xff, 0x00, 0x28);
	EXPECT(f, 0x11, 6, 1, 0, 5, 0, 0x00, 0x18, 6, 0, 9, 0, 0x01, 0x18);
	ASK(f, 0x10, 10, 0, 0xff, 0xff, 0x00, 0x28);
	assert_int_equal(f->n, 22);
	assert_memory_equal(f->out, ((const uint8_t[]){0x11, 20, 10, 0, 18, 0, 0x8c, 0x7d}), 8);
	ASK(f, 0x10, 19, 0, 0xff, 0xff, 0x00, 0x28);
	EXPECT(f, 0x11, 6, 19, 0, 21, 0, 0x0a, 0x18);
	ASK(f, 0x10, 22, 0, 0xff, 0xff, 0x00, 0x28);
	EXPECT(f, 0x01, 0x10, 22, 0, 0x0a);
	/* Not a group type; a reversed range; handle 0. */
	ASK(f, 0x10, 1, 0, 0xff, 0xff, 0x03, 0x28);
	EXPECT(f, 0x01, 0x10, 1, 0, 0x10);
	ASK(f, 0x10, 5, 0, 1, 0, 0x00, 0x28);
	EXPECT(f, 0x01, 0x10, 5, 0, 0x01);
	ASK(f, 0x10, 0, 0, 1, 0, 0x00, 0x28);
	EXPECT(f, 0x01, 0x10, 0, 0, 0x01);
	/* By their UUID. */
	ASK(f, 0x06, 1, 0, 0xff, 0xff, 0x00, 0x28, 0x0a, 0x18);
	EXPECT(f, 0x07, 19, 0, 21, 0);
	ASK(f, 0x06, 1, 0, 0xff, 0xff, 0x00, 0x28, 0x10, 0x18);
	EXPECT(f, 0x01, 0x06, 1, 0, 0x0a);
}

static void characteristics(void **state)
{
	struct fixture *f = *state;

	ASK(f, 0x08, 1, 0, 5, 0, 0x03, 0x28);
	EXPECT(f, 0x09, 7, 2, 0, 0x02, 3, 0, 0x00, 0x2a, 4, 0, 0x02, 5, 0, 0x01, 0x2a);
	ASK(f, 0x08, 10, 0, 18, 0, 0x03, 0x28);
	assert_int_equal(f->n, 23);
	assert_memory_equal(f->out, ((const uint8_t[]){0x09, 21, 11, 0, 0x02, 12, 0, 0x8c}), 8);
	/* The database hash, which it lacks; its name, by type. */
	ASK(f, 0x08, 1, 0, 0xff, 0xff, 0x2a, 0x2b);
	EXPECT(f, 0x01, 0x08, 1, 0, 0x0a);
	ASK(f, 0x08, 1, 0, 0xff, 0xff, 0x00, 0x2a);
	EXPECT(f, 0x09, 11, 3, 0, 'C', 'o', 'x', 'a', '-', '0', '3', '0', '1');
	/* Descriptors. */
	ASK(f, 0x04, 18, 0, 18, 0);
	EXPECT(f, 0x05, 1, 18, 0, 0x02, 0x29);
	ASK(f, 0x04, 22, 0, 30, 0);
	EXPECT(f, 0x01, 0x04, 22, 0, 0x0a);
}

static void reads(void **state)
{
	struct fixture *f = *state;

	memcpy(f->device.text, "abcdefghijklmnopqrstuvwxyz0123", 30);
	f->device.text_size = 30;
	ASK(f, 0x0a, HANDLE_TEXT, 0);
	assert_int_equal(f->n, 23);
	assert_memory_equal(f->out + 1, "abcdefghijklmnopqrstuv", 22);
	ASK(f, 0x0c, HANDLE_TEXT, 0, 22, 0);
	EXPECT(f, 0x0d, 'w', 'x', 'y', 'z', '0', '1', '2', '3');
	ASK(f, 0x0c, HANDLE_TEXT, 0, 30, 0);
	EXPECT(f, 0x0d);
	ASK(f, 0x0c, HANDLE_TEXT, 0, 31, 0);
	EXPECT(f, 0x01, 0x0c, HANDLE_TEXT, 0, 0x07);
	ASK(f, 0x0a, HANDLE_CONTROL, 0);
	EXPECT(f, 0x01, 0x0a, HANDLE_CONTROL, 0, 0x02);
	ASK(f, 0x0a, 99, 0);
	EXPECT(f, 0x01, 0x0a, 99, 0, 0x01);
	ASK(f, 0x0a, 99);
	EXPECT(f, 0x01, 0x0a, 0, 0, 0x04);
}

/* Without a bond: insufficient authentication; with one, insufficient encryption. */
static void encryption(void **state)
{
	struct fixture *f = *state;

	ASK(f, 0x0a, HANDLE_INFORMATION, 0);
	EXPECT(f, 0x01, 0x0a, HANDLE_INFORMATION, 0, 0x05);
	ASK(f, 0x12, HANDLE_MOTION_CCC, 0, 1, 0);
	EXPECT(f, 0x01, 0x12, HANDLE_MOTION_CCC, 0, 0x05);
	att_server_set_bond(f->server, true);
	ASK(f, 0x12, HANDLE_MOTION_CCC, 0, 1, 0);
	EXPECT(f, 0x01, 0x12, HANDLE_MOTION_CCC, 0, 0x0f);
	assert_int_equal(f->device.ccc[BARE_MOTION], 0);
	att_server_set_encrypted(f->server, true);
	ASK(f, 0x0a, HANDLE_INFORMATION, 0);
	assert_int_equal(f->n, 23);
	ASK(f, 0x12, HANDLE_MOTION_CCC, 0, 1, 0);
	EXPECT(f, 0x13);
	assert_int_equal(f->device.ccc[BARE_MOTION], 1);
	ASK(f, 0x0a, HANDLE_MOTION_CCC, 0);
	EXPECT(f, 0x0b, 1, 0);
	/* A new link is not encrypted, and nothing is subscribed to. */
	att_server_connected(f->server, 0);
	ASK(f, 0x0a, HANDLE_MOTION_CCC, 0);
	EXPECT(f, 0x0b, 0, 0);
	ASK(f, 0x0a, HANDLE_INFORMATION, 0);
	EXPECT(f, 0x01, 0x0a, HANDLE_INFORMATION, 0, 0x0f);
}

static void writes(void **state)
{
	struct fixture *f = *state;

	ASK(f, 0x12, HANDLE_CONTROL, 0, 1, 0x0f);
	EXPECT(f, 0x13);
	assert_int_equal(f->device.control_size, 2);
	assert_int_equal(f->device.control[1], 0x0f);
	ASK(f, 0x12, HANDLE_CONTROL, 0);
	EXPECT(f, 0x01, 0x12, HANDLE_CONTROL, 0, 0x0d);
	ASK(f, 0x12, HANDLE_INFORMATION - 1, 0, 1);
	EXPECT(f, 0x01, 0x12, HANDLE_INFORMATION - 1, 0, 0x03);
	ASK(f, 0x12, HANDLE_CONTROL_CCC, 0, 2);
	EXPECT(f, 0x01, 0x12, HANDLE_CONTROL_CCC, 0, 0x0d);
	ASK(f, 0x52, HANDLE_TEXT, 0, 'x');
	assert_int_equal(f->n, 0);
	assert_int_equal(f->device.text[0], 'x');
	ASK(f, 0x52, HANDLE_CONTROL, 0, 0x77);
	assert_int_equal(f->device.control[0], 1);
	/* Prepared, executed, signed, unknown. */
	ASK(f, 0x16, HANDLE_TEXT, 0, 0, 0, 'x');
	EXPECT(f, 0x01, 0x16, 0, 0, 0x06);
	ASK(f, 0x18, 1);
	EXPECT(f, 0x01, 0x18, 0, 0, 0x06);
	assert_int_equal(ASK(f, 0xd2, 1, 2, 3), 0);
	assert_int_equal(ASK(f, 0x1b, 1, 2, 3), 0);
}

static void notifications(void **state)
{
	struct fixture *f = *state;

	bare_device_push(&f->device, 1000, BARE_MOTION, false, 1, 40);
	assert_int_equal(
		att_server_transmit(f->server, 1000, f->out), 0); /* not subscribed: dropped */
	att_server_set_encrypted(f->server, true);
	ASK(f, 0x12, HANDLE_MOTION_CCC, 0, 1, 0);
	bare_device_push(&f->device, 2000, BARE_MOTION, false, 7, 40);
	assert_int_equal(att_server_transmit(f->server, 1999, f->out), 0);
	assert_int_equal(att_server_transmit(f->server, 2000, f->out), 23);
	assert_memory_equal(f->out, ((const uint8_t[]){0x1b, HANDLE_MOTION, 0, 7, 8, 9}), 6);
	assert_int_equal(att_server_subscriptions(f->server), 1);
}

static void indications_wait(void **state)
{
	struct fixture *f = *state;

	ASK(f, 0x12, HANDLE_CONTROL_CCC, 0, 2, 0);
	att_server_set_encrypted(f->server, true);
	ASK(f, 0x12, HANDLE_MOTION_CCC, 0, 1, 0);
	bare_device_push(&f->device, 0, BARE_CONTROL, true, 1, 2);
	bare_device_push(&f->device, 0, BARE_CONTROL, true, 2, 2);
	bare_device_push(&f->device, 0, BARE_MOTION, false, 3, 2);
	f->n = att_server_transmit(f->server, 0, f->out);
	EXPECT(f, 0x1d, HANDLE_CONTROL, 0, 1, 2);
	f->n = att_server_transmit(f->server, 0, f->out);
	EXPECT(f, 0x1b, HANDLE_MOTION, 0, 3, 4); /* overtakes the second indication */
	assert_int_equal(att_server_transmit(f->server, 0, f->out), 0);
	assert_int_equal(ASK(f, 0x1e), 0);
	assert_int_equal(f->device.confirmed, 1);
	f->n = att_server_transmit(f->server, 0, f->out);
	EXPECT(f, 0x1d, HANDLE_CONTROL, 0, 2, 3);
	ASK(f, 0x1e);
	ASK(f, 0x1e); /* one too many */
	assert_int_equal(f->device.confirmed, 2);
}

/* Random bytes: an answer fits the MTU, and nothing is read past the end (sanitizers would see). */
static void random_bytes(void **state)
{
	struct fixture *f = *state;
	const char *given = getenv("COXAD_TEST_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 0) : (unsigned)time(NULL);

	print_message("seed %u\n", seed);
	srand(seed);
	for (unsigned i = 0; i < 20000; i++) {
		size_t n = (size_t)rand() % 32;
		uint8_t *pdu = malloc(n + !n);

		for (size_t k = 0; k < n; k++)
			pdu[k] = (uint8_t)(rand() % (k == 0 || rand() % 2 ? 0x20 : 0x100));
		assert_true(att_server_received(f->server, 0, pdu, n, f->out) <=
			    att_server_mtu(f->server));
		free(pdu);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(mtu, setup, teardown),
		cmocka_unit_test_setup_teardown(services, setup, teardown),
		cmocka_unit_test_setup_teardown(characteristics, setup, teardown),
		cmocka_unit_test_setup_teardown(reads, setup, teardown),
		cmocka_unit_test_setup_teardown(encryption, setup, teardown),
		cmocka_unit_test_setup_teardown(writes, setup, teardown),
		cmocka_unit_test_setup_teardown(notifications, setup, teardown),
		cmocka_unit_test_setup_teardown(indications_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(random_bytes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
