// SPDX-License-Identifier: MIT
#pragma once
/* A Bluetooth LE controller with many peripherals around it. What a host sends goes in as H4
 * packets, what the controller says comes out as H4 packets through `to_host`. It knows adverts,
 * the accept list, links with their connection events, supervision and encryption, but not what the
 * peripherals are: they are `peer` numbers, asked through hci_peer_ops. Time is given; no I/O; one
 * thread. It claims little (Bluetooth 5.0, LE, encryption), so that a host asks little, and answers
 * a command that it does not know with Unknown HCI Command. Cost: one step per connection event or
 * received advert.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/hci.h"

#define HCI_LINKS_MAX 16
#define HCI_FRAME_MAX 1024 /* an L2CAP frame with its header, either way */

/* A peripheral's side of the radio. `t_us` never decreases. */
struct hci_peer_ops {
	void (*address)(unsigned peer, struct hci_address *ret, void *user);
	size_t (*advert)(unsigned peer, uint8_t ret[31], void *user);
	size_t (*scan_response)(unsigned peer, uint8_t ret[31], void *user);
	int64_t (*advert_interval_us)(unsigned peer, void *user);
	int (*rssi_dbm)(unsigned peer, int64_t t_us, void *user);
	bool (*is_reachable)(unsigned peer, int64_t t_us, void *user);
	/* Share of packets lost on the air; how long a silent link survives, 0: as the host asked.
	 */
	void (*radio)(unsigned peer, double *ret_loss, int64_t *ret_supervision_us, void *user);
	void (*connected)(unsigned peer, int64_t t_us, const struct hci_address *central,
		int64_t interval_us, void *user);
	void (*disconnected)(unsigned peer, int64_t t_us, void *user);
	void (*received)(
		unsigned peer, int64_t t_us, const uint8_t *frame, size_t size, void *user);
	/* The next L2CAP frame that it wants to send now; 0: none. */
	size_t (*transmit)(unsigned peer, int64_t t_us, uint8_t ret[HCI_FRAME_MAX], void *user);
	/* The long term key that it holds for this central; false if it has none. */
	bool (*key)(unsigned peer, uint8_t ret[16], void *user);
	void (*encrypted)(unsigned peer, int64_t t_us, void *user);
};

struct hci_controller_options {
	struct hci_address address; /* its own, public */
	unsigned n_peers;
	unsigned links;       /* the most that it carries at once, 0: 8 */
	unsigned acl_packets; /* credits that a host gets, 0: 8 */
	uint64_t seed;
};

typedef void (*hci_to_host_fn)(const uint8_t *packet, size_t size, void *user);

struct hci_controller;

struct hci_controller *hci_controller_new(const struct hci_controller_options *options,
	const struct hci_peer_ops *ops, hci_to_host_fn to_host, void *user);
struct hci_controller *hci_controller_free(struct hci_controller *c);

/* One H4 packet of the host. A malformed one is dropped and counted. */
void hci_controller_host_packet(
	struct hci_controller *c, int64_t t_us, const uint8_t *packet, size_t size);
/* Does everything that is due by t, in order of time. */
void hci_controller_advance(struct hci_controller *c, int64_t t_us);
/* When something is due next; INT64_MAX: never. */
int64_t hci_controller_next(const struct hci_controller *c);

/* Faults on demand. */
/* The link ends at once, as by a supervision timeout. -ENOTCONN if there is none. */
int hci_controller_lose_link(struct hci_controller *c, int64_t t_us, unsigned peer);
/* The next n connections fail with this status. HCI_ESTABLISHMENT_FAILED comes as a link that ends
 * six intervals later, as on real radios (Core Vol 6 Part B 4.5.2).
 */
void hci_controller_fail_connects(struct hci_controller *c, unsigned n, enum hci_status status);
/* Its wire is cut: it takes packets, answers none, and reports nothing, but keeps its links. */
void hci_controller_set_silent(struct hci_controller *c, bool is_silent);
/* It hangs until the host resets it: the same, and the peers lose their links as by a supervision
 * timeout.
 */
void hci_controller_hang(struct hci_controller *c);

unsigned hci_controller_links(const struct hci_controller *c);
/* Packets of the host that were malformed or sent without credit. */
unsigned hci_controller_refused(const struct hci_controller *c);
/* The last command that it did not know; 0: none. */
uint16_t hci_controller_unknown(const struct hci_controller *c);
