// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/gym/hci-air.h"

static void peer_address(unsigned peer, struct hci_address *ret, void *user)
{
	*ret = (struct hci_address){{(uint8_t)peer, 0, 0, 0, 0xa5, 0xc0}, 1};
}

static size_t peer_advert(unsigned peer, uint8_t ret[31], void *user)
{
	memcpy(ret, (const uint8_t[]){2, 1, 6}, 3);
	return 3;
}

static size_t peer_scan_response(unsigned peer, uint8_t ret[31], void *user)
{
	memcpy(ret, (const uint8_t[]){3, 9, 'A', (uint8_t)('a' + peer)}, 4);
	return 4;
}

static int64_t peer_advert_interval_us(unsigned peer, void *user)
{
	return 100000;
}

static int peer_rssi_dbm(unsigned peer, int64_t t_us, void *user)
{
	return -40 - (int)peer;
}

static bool peer_is_reachable(unsigned peer, int64_t t_us, void *user)
{
	return !((struct hci_air *)user)->peer[peer].is_away;
}

static void peer_radio(unsigned peer, double *ret_loss, int64_t *ret_supervision_us, void *user)
{
	*ret_loss = ((struct hci_air *)user)->peer[peer].loss;
}

static void peer_connected(unsigned peer, int64_t t_us, const struct hci_address *central,
	int64_t interval_us, void *user)
{
	struct hci_air *air = user;

	assert_false(air->peer[peer].is_connected);
	assert_int_equal(central->b[5], 0xee);
	air->peer[peer].is_connected = true;
	air->peer[peer].interval_us = interval_us;
}

static void peer_disconnected(unsigned peer, int64_t t_us, void *user)
{
	struct hci_air *air = user;

	assert_true(air->peer[peer].is_connected);
	air->peer[peer].is_connected = air->peer[peer].is_encrypted = false;
}

static void peer_received(
	unsigned peer, int64_t t_us, const uint8_t *frame, size_t size, void *user)
{
	struct hci_air *air = user;

	memcpy(air->peer[peer].received, frame, size);
	air->peer[peer].received_size = size;
	air->peer[peer].n_received++;
}

static size_t peer_transmit(unsigned peer, int64_t t_us, uint8_t ret[HCI_FRAME_MAX], void *user)
{
	struct hci_air *air = user;

	if (air->peer[peer].n_to_send == 0)
		return 0;
	air->peer[peer].n_to_send--;
	for (size_t i = 0; i < air->peer[peer].send_size; i++)
		ret[i] = (uint8_t)i;
	return air->peer[peer].send_size;
}

static bool peer_key(unsigned peer, uint8_t ret[16], void *user)
{
	memcpy(ret, ((struct hci_air *)user)->peer[peer].key, 16);
	return ((struct hci_air *)user)->peer[peer].has_key;
}

static void peer_encrypted(unsigned peer, int64_t t_us, void *user)
{
	((struct hci_air *)user)->peer[peer].is_encrypted = true;
}

static const struct hci_peer_ops ops = {peer_address, peer_advert, peer_scan_response,
	peer_advert_interval_us, peer_rssi_dbm, peer_is_reachable, peer_radio, peer_connected,
	peer_disconnected, peer_received, peer_transmit, peer_key, peer_encrypted};

static void to_host(const uint8_t *packet, size_t size, void *user)
{
	struct hci_air *air = user;

	assert_true(size <= HCI_EVENT_MAX && air->n < HCI_AIR_PACKETS);
	memcpy(air->packet[air->n].b, packet, size);
	air->packet[air->n++].size = size;
}

int hci_air_setup(void **state)
{
	const struct hci_controller_options options = {.address = {{0, 0, 0, 0, 0, 0xee}, 0},
		.n_peers = HCI_AIR_PEERS,
		.links = 4,
		.seed = 7};
	struct hci_air *air = calloc(1, sizeof(*air));

	air->controller = hci_controller_new(&options, &ops, to_host, air);
	*state = air;
	return 0;
}

int hci_air_teardown(void **state)
{
	struct hci_air *air = *state;

	hci_controller_free(air->controller);
	free(air);
	return 0;
}

void hci_air_host(struct hci_air *air, const uint8_t *packet, size_t size)
{
	hci_controller_host_packet(air->controller, air->t_us, packet, size);
}

void hci_air_command(struct hci_air *air, uint16_t opcode, const uint8_t *data, size_t size)
{
	uint8_t packet[4 + 255] = {
		HCI_PACKET_COMMAND, (uint8_t)opcode, (uint8_t)(opcode >> 8), (uint8_t)size};

	memcpy(packet + 4, data, size);
	hci_air_host(air, packet, 4 + size);
}

void hci_air_run(struct hci_air *air, int64_t us)
{
	air->t_us += us;
	hci_controller_advance(air->controller, air->t_us);
}

void hci_air_expect(struct hci_air *air, const uint8_t *packet, size_t size)
{
	assert_true(air->read < air->n);
	assert_int_equal(air->packet[air->read].size, size);
	assert_memory_equal(air->packet[air->read].b, packet, size);
	air->read++;
}

void hci_air_expect_done(struct hci_air *air, uint16_t opcode)
{
	EXPECT(air, 4, 0x0e, 4, 1, (uint8_t)opcode, (uint8_t)(opcode >> 8), 0);
}

void hci_air_set_masks(struct hci_air *air)
{
	COMMAND(air, HCI_SET_EVENT_MASK, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
	hci_air_expect_done(air, HCI_SET_EVENT_MASK);
}

void hci_air_acl(struct hci_air *air, unsigned handle_flags, const uint8_t *data, size_t size)
{
	uint8_t packet[5 + 255] = {HCI_PACKET_ACL, (uint8_t)handle_flags,
		(uint8_t)(handle_flags >> 8), (uint8_t)size, 0};

	memcpy(packet + 5, data, size);
	hci_air_host(air, packet, 5 + size);
}
