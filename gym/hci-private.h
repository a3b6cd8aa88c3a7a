// SPDX-License-Identifier: MIT
#pragma once
/* What the parts of the virtual controller share: hci-controller.c has its life and its time,
 * hci-radio.c adverts and links, hci-commands.c its ear for the host. Nobody else includes this.
 */
#include "gym/hci-controller.h"
#include "gym/hci-link.h"
#include "gym/hci.h"

#define HCI_ACCEPT_LIST_SIZE 32

struct hci_advertiser { /* a peer's advertising, and what the scan has told of it */
	int64_t next_us;
	bool is_told;
};

struct hci_controller {
	struct hci_controller_options options;
	const struct hci_peer_ops *ops;
	hci_to_host_fn to_host;
	void *user;

	int64_t now_us;
	uint64_t random;
	uint8_t event_mask[8], le_event_mask[8];
	struct hci_address random_address;
	struct hci_address accept[HCI_ACCEPT_LIST_SIZE];
	unsigned n_accept;

	bool is_scanning, is_active_scan, has_filter_duplicates, has_scan_accept_list;
	uint8_t scan_share; /* window / interval x 255 */

	bool is_initiating, has_connect_accept_list, has_random_own;
	struct hci_address target;
	unsigned connect_interval, connect_latency, connect_supervision;

	unsigned links_max;
	struct hci_link link[HCI_LINKS_MAX];
	unsigned handles; /* given so far: a stale handle is not met again soon */
	unsigned credits_out;

	unsigned failing_connects;
	enum hci_status failing_status;
	bool is_silent;
	unsigned refused;
	uint16_t unknown;

	struct hci_advertiser *advertiser;
};

/* Events honour the masks that the host has set. */
void hci_event(struct hci_controller *c, enum hci_event code, const uint8_t *data, size_t size);
void hci_le_event(
	struct hci_controller *c, enum hci_le_event code, const uint8_t *data, size_t size);
void hci_send_to_host(struct hci_controller *c, const uint8_t *packet, size_t size);
void hci_connection_failed(struct hci_controller *c, enum hci_status status);
struct hci_link *hci_find_link(struct hci_controller *c, unsigned handle);
struct hci_link *hci_find_peer(struct hci_controller *c, unsigned peer);
/* Ends the link on both sides. The host gets Disconnection Complete. */
void hci_end_link(struct hci_controller *c, struct hci_link *link, enum hci_status reason);
void hci_reset(struct hci_controller *c);
void hci_start_scan(struct hci_controller *c);
/* 0 where the limit is. */
int64_t hci_random_below(struct hci_controller *c, int64_t limit);
bool hci_random_chance(struct hci_controller *c, double share);
/* An advert of a peer is in the air; a link's event has come. */
void hci_hear_advert(struct hci_controller *c, unsigned peer);
void hci_connection_event(struct hci_controller *c, struct hci_link *link);
/* Carries out and answers one command of the host. */
void hci_command(struct hci_controller *c, uint16_t opcode, const uint8_t *data, size_t size);
