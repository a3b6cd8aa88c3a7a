// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/gym/hci-air.h"

static void scan(struct hci_air *air, bool is_active, bool has_accept_list, bool has_filter)
{
	COMMAND(air, HCI_LE_SET_SCAN_PARAMETERS, is_active, 0x60, 0, 0x60, 0, 0, has_accept_list);
	hci_air_expect_done(air, HCI_LE_SET_SCAN_PARAMETERS);
	COMMAND(air, HCI_LE_SET_SCAN_ENABLE, 1, has_filter);
	hci_air_expect_done(air, HCI_LE_SET_SCAN_ENABLE);
}

/* What Linux asks for: 30 to 50 ms, 420 ms of supervision. */
static void create(struct hci_air *air, uint8_t peer)
{
	COMMAND(air, HCI_LE_CREATE_CONNECTION, 0x60, 0, 0x60, 0, 0, 1, peer, 0, 0, 0, 0xa5, 0xc0, 0,
		24, 0, 40, 0, 0, 0, 42, 0, 0, 0, 0, 0);
	EXPECT(air, 4, 0x0f, 4, 0, 1, 0x0d, 0x20);
}

static void connect(struct hci_air *air, uint8_t peer, uint8_t handle)
{
	create(air, peer);
	hci_air_run(air, 120000);
	EXPECT(air, 4, 0x3e, 19, 1, 0, handle, 0, 0, 1, peer, 0, 0, 0, 0xa5, 0xc0, 40, 0, 0, 0, 42,
		0, 1);
	assert_true(air->peer[peer].is_connected);
}

static void powers_on(void **state)
{
	struct hci_air *air = *state;

	COMMAND(air, HCI_RESET);
	hci_air_expect_done(air, HCI_RESET);
	COMMAND(air, HCI_READ_LOCAL_FEATURES);
	EXPECT(air, 4, 0x0e, 12, 1, 3, 0x10, 0, 0, 0, 0, 0, 0x60, 0, 0, 0);
	COMMAND(air, HCI_READ_BD_ADDR);
	EXPECT(air, 4, 0x0e, 10, 1, 9, 0x10, 0, 0, 0, 0, 0, 0, 0xee);
	COMMAND(air, HCI_LE_READ_BUFFER_SIZE);
	EXPECT(air, 4, 0x0e, 7, 1, 2, 0x20, 0, 251, 0, 8);
	COMMAND(air, HCI_LE_READ_LOCAL_FEATURES);
	EXPECT(air, 4, 0x0e, 12, 1, 3, 0x20, 0, 0x0b, 0, 0, 0, 0, 0, 0, 0);
	/* LE Rand is not supported; a known command of the wrong length. */
	COMMAND(air, HCI_OPCODE(8, 0x18));
	EXPECT(air, 4, 0x0f, 4, 1, 1, 0x18, 0x20);
	assert_int_equal(hci_controller_unknown(air->controller), 0x2018);
	COMMAND(air, HCI_LE_SET_SCAN_ENABLE, 1);
	EXPECT(air, 4, 0x0f, 4, 0x12, 1, 0x0c, 0x20);
	EXPECT_NOTHING(air);
}

/* Without the LE meta bit in the event mask, a host gets no adverts. */
static void adverts(void **state)
{
	struct hci_air *air = *state;
	unsigned reports[HCI_AIR_PEERS] = {0}, responses[HCI_AIR_PEERS] = {0};

	scan(air, true, false, false);
	hci_air_run(air, 1000000);
	EXPECT_NOTHING(air);
	COMMAND(air, HCI_SET_EVENT_MASK, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
	hci_air_expect_done(air, HCI_SET_EVENT_MASK);
	air->peer[3].is_away = true;
	hci_air_run(air, 1000000);
	for (; air->read < air->n; air->read++) {
		const uint8_t *p = air->packet[air->read].b;
		uint8_t peer = p[7],
			response[] = {4, 0x3e, 16, 2, 1, 4, 1, peer, 0, 0, 0, 0xa5, 0xc0, 4, 3, 9,
				'A', (uint8_t)('a' + peer), (uint8_t)(-40 - peer)};

		assert_true(peer < HCI_AIR_PEERS);
		reports[peer] += p[5] == 0;
		responses[peer] += p[5] == 4;
		if (p[5] == 4)
			assert_memory_equal(p, response, sizeof(response));
	}
	for (unsigned i = 0; i < HCI_AIR_PEERS; i++) {
		assert_in_range(reports[i], i == 3 ? 0 : 8, i == 3 ? 0 : 11);
		assert_int_equal(reports[i], responses[i]);
	}
	COMMAND(air, HCI_LE_SET_SCAN_ENABLE, 0, 0);
	hci_air_expect_done(air, HCI_LE_SET_SCAN_ENABLE);
	hci_air_run(air, 1000000);
	EXPECT_NOTHING(air);
	assert_true(hci_controller_next(air->controller) == INT64_MAX);
}

static void filters(void **state)
{
	struct hci_air *air = *state;

	hci_air_set_masks(air);
	scan(air, false, false, true);
	hci_air_run(air, 2000000);
	assert_int_equal(
		air->n - air->read, HCI_AIR_PEERS); /* each once, without a scan response */
	air->read = air->n;
	COMMAND(air, HCI_LE_SET_SCAN_ENABLE, 0, 0);
	hci_air_expect_done(air, HCI_LE_SET_SCAN_ENABLE);
	COMMAND(air, HCI_LE_ADD_TO_ACCEPT_LIST, 1, 5, 0, 0, 0, 0xa5, 0xc0);
	hci_air_expect_done(air, HCI_LE_ADD_TO_ACCEPT_LIST);
	COMMAND(air, HCI_LE_ADD_TO_ACCEPT_LIST, 1, 6, 0, 0, 0, 0xa5, 0xc0);
	hci_air_expect_done(air, HCI_LE_ADD_TO_ACCEPT_LIST);
	COMMAND(air, HCI_LE_REMOVE_FROM_ACCEPT_LIST, 1, 5, 0, 0, 0, 0xa5, 0xc0);
	hci_air_expect_done(air, HCI_LE_REMOVE_FROM_ACCEPT_LIST);
	scan(air, false, true, true);
	hci_air_run(air, 500000);
	EXPECT(air, 4, 0x3e, 15, 2, 1, 0, 1, 6, 0, 0, 0, 0xa5, 0xc0, 3, 2, 1, 6, (uint8_t)-46);
	EXPECT_NOTHING(air);
}

static void links_come_and_go(void **state)
{
	struct hci_air *air = *state;

	hci_air_set_masks(air);
	connect(air, 2, 1);
	assert_int_equal(air->peer[2].interval_us, HCI_AIR_INTERVAL);
	connect(air, 4, 2);
	COMMAND(air, HCI_LE_READ_REMOTE_FEATURES, 2, 0);
	EXPECT(air, 4, 0x0f, 4, 0, 1, 0x16, 0x20);
	hci_air_run(air, HCI_AIR_INTERVAL);
	EXPECT(air, 4, 0x3e, 12, 4, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0);
	COMMAND(air, HCI_LE_CONNECTION_UPDATE, 2, 0, 12, 0, 12, 0, 0, 0, 100, 0, 0, 0, 0, 0);
	EXPECT(air, 4, 0x0f, 4, 0, 1, 0x13, 0x20);
	hci_air_run(air, HCI_AIR_INTERVAL);
	EXPECT(air, 4, 0x3e, 10, 3, 0, 2, 0, 12, 0, 0, 0, 100, 0);
	COMMAND(air, HCI_DISCONNECT, 1, 0, 0x13);
	EXPECT(air, 4, 0x0f, 4, 0, 1, 6, 4);
	hci_air_run(air, HCI_AIR_INTERVAL);
	EXPECT(air, 4, 5, 4, 0, 1, 0, 0x16);
	assert_false(air->peer[2].is_connected);
	COMMAND(air, HCI_DISCONNECT, 1, 0, 0x13);
	EXPECT(air, 4, 0x0f, 4, 2, 1, 6, 4);
	/* An absent peer: the attempt waits, and is cancelled. */
	air->peer[7].is_away = true;
	create(air, 7);
	hci_air_run(air, 3000000);
	EXPECT_NOTHING(air);
	COMMAND(air, HCI_LE_CREATE_CONNECTION_CANCEL);
	hci_air_expect_done(air, HCI_LE_CREATE_CONNECTION_CANCEL);
	EXPECT(air, 4, 0x3e, 19, 1, 2, 0, 0, 0, 1, 7, 0, 0, 0, 0xa5, 0xc0, 0, 0, 0, 0, 0, 0, 1);
	COMMAND(air, HCI_RESET);
	hci_air_expect_done(air, HCI_RESET);
	assert_int_equal(hci_controller_links(air->controller), 0);
	assert_false(air->peer[4].is_connected);
}

static void too_many_links(void **state)
{
	struct hci_air *air = *state;

	hci_air_set_masks(air);
	for (uint8_t i = 0; i < 4; i++)
		connect(air, i, i + 1);
	create(air, 9);
	hci_air_run(air, 120000);
	EXPECT(air, 4, 0x3e, 19, 1, 0x09, 0, 0, 0, 1, 9, 0, 0, 0, 0xa5, 0xc0, 0, 0, 0, 0, 0, 0, 1);
}

static void host_to_peer(void **state)
{
	struct hci_air *air = *state;
	const uint8_t whole[] = {3, 0, 4, 0, 0x0a, 1, 0};

	hci_air_set_masks(air);
	connect(air, 0, 1);
	hci_air_acl(air, 1, whole, 5);
	hci_air_acl(air, 1 | HCI_ACL_MORE, whole + 5, 2);
	EXPECT_NOTHING(air);
	hci_air_run(air, HCI_AIR_INTERVAL);
	EXPECT(air, 4, 0x13, 5, 1, 1, 0, 2, 0);
	assert_int_equal(air->peer[0].received_size, 7);
	assert_memory_equal(air->peer[0].received, whole, 7);
	/* A continuation without a start, more than announced, too short a start: dropped. */
	hci_air_acl(air, 1 | HCI_ACL_MORE, whole, 7);
	hci_air_acl(air, 1, whole, 6);
	hci_air_acl(air, 1 | HCI_ACL_MORE, whole, 2);
	hci_air_acl(air, 1, whole, 3);
	hci_air_acl(air, 1, whole, 7);
	hci_air_run(air, HCI_AIR_INTERVAL);
	EXPECT(air, 4, 0x13, 5, 1, 1, 0, 5, 0);
	assert_int_equal(air->peer[0].n_received, 2);
	/* Nine packets with eight credits. */
	for (unsigned i = 0; i < 9; i++)
		hci_air_acl(air, 1, whole, 7);
	assert_int_equal(hci_controller_refused(air->controller), 1);
	hci_air_run(air, HCI_AIR_INTERVAL);
	EXPECT(air, 4, 0x13, 5, 1, 1, 0, 8, 0);
	assert_int_equal(air->peer[0].n_received, 10);
	/* A packet for a link that has ended is not the host's fault. */
	hci_air_acl(air, 77, whole, 7);
	assert_int_equal(hci_controller_refused(air->controller), 1);
}

static void peer_to_host(void **state)
{
	struct hci_air *air = *state;
	unsigned events = 0, packets = 0;

	hci_air_set_masks(air);
	connect(air, 0, 1);
	air->peer[0].send_size = 300;
	air->peer[0].n_to_send = 1;
	hci_air_run(air, HCI_AIR_INTERVAL);
	assert_int_equal(air->n - air->read, 2);
	assert_int_equal(air->packet[air->read].size, 5 + 251);
	assert_memory_equal(
		air->packet[air->read].b, ((const uint8_t[]){2, 1, 0x20, 251, 0, 0, 1}), 7);
	air->read++;
	assert_int_equal(air->packet[air->read].size, 5 + 49);
	assert_memory_equal(
		air->packet[air->read].b, ((const uint8_t[]){2, 1, 0x10, 49, 0, 251}), 6);
	air->read++;
	/* A burst is sent in events of 8; with losses it takes longer, but nothing is missing. */
	air->peer[0].send_size = 20;
	air->peer[0].n_to_send = 20;
	hci_air_run(air, HCI_AIR_INTERVAL);
	assert_int_equal(air->n - air->read, 8);
	hci_air_run(air, 2 * HCI_AIR_INTERVAL);
	assert_int_equal(air->n - air->read, 20);
	air->read = air->n;
	air->peer[0].loss = 0.5;
	air->peer[0].n_to_send = 400;
	for (; packets < 400 && events < 2000; events++) {
		hci_air_run(air, HCI_AIR_INTERVAL);
		packets += air->n - air->read;
		air->read = air->n;
	}
	assert_int_equal(packets, 400);
	assert_in_range(events, 250, 800); /* 400 expected */
}

static void out_of_reach(void **state)
{
	struct hci_air *air = *state;

	hci_air_set_masks(air);
	connect(air, 0, 1);
	hci_air_run(air, HCI_AIR_INTERVAL);
	air->peer[0].is_away = true;
	hci_air_run(air, 350000);
	EXPECT_NOTHING(air);
	air->peer[0].is_away = false;
	hci_air_run(air, HCI_AIR_INTERVAL);
	air->peer[0].is_away = true;
	hci_air_run(air, 360000);
	EXPECT_NOTHING(air);
	hci_air_run(air, 120000);
	EXPECT(air, 4, 5, 4, 0, 1, 0, 0x08);
	assert_false(air->peer[0].is_connected);
}

static void start_encryption(struct hci_air *air, uint8_t handle, uint8_t key)
{
	uint8_t data[28] = {handle};

	memset(data + 12, key, 16);
	hci_air_command(air, HCI_LE_START_ENCRYPTION, data, sizeof(data));
	EXPECT(air, 4, 0x0f, 4, 0, 1, 0x19, 0x20);
	hci_air_run(air, HCI_AIR_INTERVAL);
}

static void encryption(void **state)
{
	struct hci_air *air = *state;

	hci_air_set_masks(air);
	connect(air, 0, 1);
	start_encryption(air, 1, 0x33);
	EXPECT(air, 4, 8, 4, 0x06, 1, 0, 0); /* it has no key */
	air->peer[0].has_key = true;
	memset(air->peer[0].key, 0x33, 16);
	start_encryption(air, 1, 0x33);
	EXPECT(air, 4, 8, 4, 0, 1, 0, 1);
	assert_true(air->peer[0].is_encrypted);
	start_encryption(air, 1, 0x33);
	EXPECT(air, 4, 0x30, 3, 0, 1, 0);
	start_encryption(air, 1, 0x34);
	EXPECT(air, 4, 5, 4, 0, 1, 0, 0x3d);
	assert_false(air->peer[0].is_connected);
}

static void faults(void **state)
{
	struct hci_air *air = *state;

	hci_air_set_masks(air);
	assert_int_equal(hci_controller_lose_link(air->controller, air->t_us, 0), -ENOTCONN);
	connect(air, 0, 1);
	assert_int_equal(hci_controller_lose_link(air->controller, air->t_us, 0), 0);
	EXPECT(air, 4, 5, 4, 0, 1, 0, 0x08);
	hci_controller_fail_connects(air->controller, 1, HCI_REFUSED_RESOURCES);
	create(air, 0);
	hci_air_run(air, 120000);
	EXPECT(air, 4, 0x3e, 19, 1, 0x0d, 0, 0, 0, 1, 0, 0, 0, 0, 0xa5, 0xc0, 0, 0, 0, 0, 0, 0, 1);
	/* Established for the host, but never answered: 0x3e after six intervals. */
	hci_controller_fail_connects(air->controller, 1, HCI_ESTABLISHMENT_FAILED);
	create(air, 0);
	hci_air_run(air, 120000);
	assert_int_equal(air->packet[air->read++].b[4], 0);
	assert_false(air->peer[0].is_connected);
	hci_air_run(air, 8 * HCI_AIR_INTERVAL);
	EXPECT(air, 4, 5, 4, 0, 2, 0, 0x3e);
	connect(air, 0, 3);
	hci_controller_set_silent(air->controller, true);
	COMMAND(air, HCI_READ_BD_ADDR);
	air->peer[0].n_to_send = 5;
	air->peer[0].send_size = 20;
	hci_air_run(air, 1000000);
	EXPECT_NOTHING(air);
	hci_controller_set_silent(air->controller, false);
	COMMAND(air, HCI_RESET);
	hci_air_expect_done(air, HCI_RESET);
	/* A controller that hangs loses its links without a word, and is woken by a reset alone. */
	hci_air_set_masks(air);
	connect(air, 0, 4);
	hci_controller_hang(air->controller);
	COMMAND(air, HCI_READ_BD_ADDR);
	hci_air_run(air, 200000);
	assert_true(air->peer[0].is_connected);
	hci_air_run(air, 1000000);
	assert_false(air->peer[0].is_connected);
	EXPECT_NOTHING(air);
	COMMAND(air, HCI_RESET);
	hci_air_expect_done(air, HCI_RESET);
}

static void random_bytes(void **state)
{
	static const uint16_t opcodes[] = {HCI_LE_CREATE_CONNECTION, HCI_LE_START_ENCRYPTION,
		HCI_LE_SET_SCAN_ENABLE, HCI_LE_SET_SCAN_PARAMETERS, HCI_LE_CONNECTION_UPDATE,
		HCI_LE_ADD_TO_ACCEPT_LIST, HCI_DISCONNECT, HCI_RESET, HCI_LE_SET_EVENT_MASK};
	static const uint8_t sizes[] = {25, 28, 2, 7, 14, 7, 3, 0, 8};
	struct hci_air *air = *state;
	const char *given = getenv("COXAD_TEST_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 0) : (unsigned)time(NULL);

	print_message("seed %u\n", seed);
	srand(seed);
	for (unsigned i = 0; i < 20000; i++) {
		size_t n = (size_t)rand() % 40;
		uint8_t *packet = malloc(n + 4);
		unsigned kind = (unsigned)rand() % 9;

		for (size_t k = 0; k < n + 4; k++)
			packet[k] = (uint8_t)(rand() % (rand() % 2 ? 8 : 256));
		if (rand() % 2 && n >= sizes[kind]) {
			packet[0] = HCI_PACKET_COMMAND;
			hci_put_le16(packet + 1, opcodes[kind]);
			packet[3] = sizes[kind];
			n = sizes[kind];
		} else if (n >= 1 && rand() % 2) {
			packet[0] = HCI_PACKET_ACL;
			hci_put_le16(packet + 3, (unsigned)n - 1);
		}
		hci_air_host(air, packet, n + 4);
		hci_air_run(air, rand() % 20000);
		air->n = air->read = 0;
		free(packet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(powers_on, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(adverts, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(filters, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(links_come_and_go, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(too_many_links, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(host_to_peer, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(peer_to_host, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(out_of_reach, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(encryption, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(faults, hci_air_setup, hci_air_teardown),
		cmocka_unit_test_setup_teardown(random_bytes, hci_air_setup, hci_air_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
