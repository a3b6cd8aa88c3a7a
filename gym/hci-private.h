// SPDX-License-Identifier: MIT
#pragma once
/* The state of the virtual controller, for its parts alone:
 *
 *   hci-controller    time, and the packets of the host
 *   hci-commands      the host's commands
 *   hci-radio         adverts and connection events
 *   hci-table         which links there are, and how they end
 *   hci-event         events to the host
 */
#include "gym/hci-controller.h"
#include "gym/hci-link.h"
#include "gym/hci.h"

#define HCI_ACCEPT_LIST_SIZE 32

struct hci_advertiser { /* a peer's adverts, and whether the scan has reported one */
	int64_t next_us;
	bool is_reported;
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
	unsigned handles;     /* given so far, so that a handle is not reused soon */
	unsigned credits_out; /* packets of the host that are not yet acknowledged */

	unsigned failing_connects;
	enum hci_status failing_status;
	bool is_silent;
	bool is_hung; /* its radio too, until a reset */
	unsigned refused;
	uint16_t unknown;

	struct hci_advertiser *advertiser;
};
