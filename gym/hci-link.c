// SPDX-License-Identifier: MIT
#include "gym/hci-link.h"

#include <errno.h>
#include <string.h>

#define L2CAP_HEADER 4 /* length, channel: Core Vol 3 Part A 3.1 */

int hci_link_push(struct hci_link *link, unsigned flags, const uint8_t *data, size_t size)
{
	unsigned slot;

	if (size > HCI_ACL_SIZE || (flags != HCI_ACL_START && flags != HCI_ACL_START_FLUSHABLE &&
					   flags != HCI_ACL_MORE))
		return -EINVAL;
	if (link->queue_n == HCI_LINK_QUEUE)
		return -ENOBUFS;
	slot = (link->queue_head + link->queue_n++) % HCI_LINK_QUEUE;
	memcpy(link->queue[slot].data, data, size);
	link->queue[slot].size = (uint8_t)size;
	link->queue[slot].is_start = flags != HCI_ACL_MORE;
	return 0;
}

/* The start gives the length of the frame; what exceeds it, or has no start, is dropped. */
bool hci_link_deliver(struct hci_link *link)
{
	unsigned slot = link->queue_head;
	const uint8_t *data = link->queue[slot].data;
	size_t size = link->queue[slot].size;

	link->queue_head = (slot + 1) % HCI_LINK_QUEUE;
	link->queue_n--;
	if (link->queue[slot].is_start) {
		link->in_size = link->in_want = 0;
		if (size < L2CAP_HEADER || hci_get_le16(data) + L2CAP_HEADER > HCI_FRAME_MAX)
			return false;
		link->in_want = hci_get_le16(data) + L2CAP_HEADER;
	}
	if (link->in_want == 0)
		return false;
	if (link->in_size + size > link->in_want) {
		link->in_want = 0;
		return false;
	}
	memcpy(link->in + link->in_size, data, size);
	link->in_size += size;
	if (link->in_size < link->in_want)
		return false;
	link->in_want = 0;
	return true;
}

size_t hci_link_piece(struct hci_link *link, uint8_t packet[HCI_ACL_MAX])
{
	unsigned flags = link->out_at == 0 ? HCI_ACL_START_FLUSHABLE : HCI_ACL_MORE;
	size_t size = link->out_size - link->out_at;

	if (size == 0)
		return 0;
	if (size > HCI_ACL_SIZE)
		size = HCI_ACL_SIZE;
	packet[0] = HCI_PACKET_ACL;
	hci_put_le16(packet + 1, link->handle | flags);
	hci_put_le16(packet + 3, (unsigned)size);
	memcpy(packet + 5, link->out + link->out_at, size);
	link->out_at += size;
	return 5 + size;
}
