// SPDX-License-Identifier: MIT
#pragma once
/* For the tests of the virtual controller: twelve peers around it, which do what the test sets, and
 * a host that keeps each packet it gets. Time passes when the test lets it.
 */
#include <stdbool.h>

#include "gym/hci-controller.h"

#define HCI_AIR_PEERS    12
#define HCI_AIR_PACKETS  4096
#define HCI_AIR_INTERVAL 50000 /* 40 x 1.25 ms, as connect() asks */

struct hci_air {
	struct hci_controller *controller;
	int64_t t_us;
	struct {
		uint8_t b[HCI_EVENT_MAX];
		size_t size;
	} packet[HCI_AIR_PACKETS];
	size_t n, read;

	struct {
		bool is_away, has_key, is_connected, is_encrypted;
		double loss;
		int64_t interval_us;
		uint8_t key[16];
		uint8_t received[HCI_FRAME_MAX];
		size_t received_size, n_received, n_to_send, send_size;
	} peer[HCI_AIR_PEERS];
};

/* For cmocka; *state is the hci_air. */
int hci_air_setup(void **state);
int hci_air_teardown(void **state);

/* The host sends one H4 packet, a command, or ACL data. */
void hci_air_host(struct hci_air *air, const uint8_t *packet, size_t size);
void hci_air_command(struct hci_air *air, uint16_t opcode, const uint8_t *data, size_t size);
void hci_air_acl(struct hci_air *air, unsigned handle_flags, const uint8_t *data, size_t size);
/* Turns on all events. */
void hci_air_set_masks(struct hci_air *air);
void hci_air_run(struct hci_air *air, int64_t us);
/* The next packet that the host got must be this one. */
void hci_air_expect(struct hci_air *air, const uint8_t *packet, size_t size);
/* It must say that the command is done. */
void hci_air_expect_done(struct hci_air *air, uint16_t opcode);

#define COMMAND(air, opcode, ...)                                                                  \
	hci_air_command(air, opcode, (const uint8_t[]){__VA_ARGS__},                               \
		sizeof((const uint8_t[]){__VA_ARGS__}))

#define EXPECT(air, ...)                                                                           \
	hci_air_expect(air, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define EXPECT_NOTHING(air) assert_int_equal((air)->read, (air)->n)
