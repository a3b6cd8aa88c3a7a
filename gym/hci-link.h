// SPDX-License-Identifier: MIT
#pragma once
/* One link of the virtual controller: the host's ACL packets that wait for a connection event, the
 * L2CAP frame being assembled, the frame being sent in pieces. It keeps bytes and times; what
 * happens at an event is up to hci-radio. Fixed size, nothing on the heap.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/hci-controller.h"
#include "gym/hci.h"

#define HCI_LINK_QUEUE 16 /* ACL packets of the host that one link can hold */

/* Procedures that need an exchange on the air, so they are done at a connection event. */
enum hci_procedure {
	HCI_PROCEDURE_FEATURES = 0x01,
	HCI_PROCEDURE_ENCRYPT = 0x02,
	HCI_PROCEDURE_UPDATE = 0x04,
	HCI_PROCEDURE_DISCONNECT = 0x08,
};

struct hci_link {
	bool is_used;
	bool is_doomed; /* never established: ends with HCI_ESTABLISHMENT_FAILED */
	bool is_encrypted;
	unsigned peer;
	uint16_t handle;
	unsigned interval; /* 1.25 ms */
	unsigned latency;
	unsigned supervision; /* 10 ms */
	int64_t event_us;     /* next connection event */
	int64_t heard_us;     /* last event at which the peer answered */
	unsigned procedures;  /* mask of enum hci_procedure */
	uint8_t key[16];      /* HCI_PROCEDURE_ENCRYPT */
	unsigned new_interval, new_latency, new_supervision; /* HCI_PROCEDURE_UPDATE */

	struct {
		uint8_t data[HCI_ACL_SIZE];
		uint8_t size;
		bool is_start;
	} queue[HCI_LINK_QUEUE];
	unsigned queue_head, queue_n;

	uint8_t in[HCI_FRAME_MAX]; /* being assembled */
	size_t in_size, in_want;   /* want 0: none started */

	uint8_t out[HCI_FRAME_MAX]; /* being sent, from out_at */
	size_t out_size, out_at;
};

static inline int64_t hci_link_interval_us(const struct hci_link *link)
{
	return (int64_t)link->interval * 1250;
}

/* Keeps one ACL packet of the host. -ENOBUFS if it came without credit, -EINVAL if malformed. */
int hci_link_push(struct hci_link *link, unsigned flags, const uint8_t *data, size_t size);
/* Delivers the oldest packet: true if it completed a frame, which is then in `in`. */
bool hci_link_deliver(struct hci_link *link);
/* The next piece of the frame being sent, as a whole H4 packet; 0 if nothing is left. */
size_t hci_link_piece(struct hci_link *link, uint8_t packet[HCI_ACL_MAX]);
