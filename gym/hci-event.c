// SPDX-License-Identifier: MIT
#include "gym/hci-event.h"

#include <string.h>

/* Bits of Set Event Mask, Vol 4 Part E 7.3.1; events that have none are always sent. */
static int event_bit(enum hci_event code)
{
	switch (code) {
	case HCI_EVENT_DISCONNECTION_COMPLETE:
		return 4;
	case HCI_EVENT_ENCRYPTION_CHANGE:
		return 7;
	case HCI_EVENT_KEY_REFRESH_COMPLETE:
		return 47;
	case HCI_EVENT_LE_META:
		return 61;
	case HCI_EVENT_COMMAND_COMPLETE:
	case HCI_EVENT_COMMAND_STATUS:
	case HCI_EVENT_COMPLETED_PACKETS:
		return -1;
	}
	return -1;
}

void hci_event_send_packet(struct hci_controller *c, const uint8_t *packet, size_t size)
{
	if (!c->is_silent)
		c->to_host(packet, size, c->user);
}

void hci_event_send(struct hci_controller *c, enum hci_event code, const uint8_t *data, size_t size)
{
	uint8_t packet[HCI_EVENT_MAX] = {HCI_PACKET_EVENT, (uint8_t)code, (uint8_t)size};
	int bit = event_bit(code);

	if (bit >= 0 && !(c->event_mask[bit / 8] & 1 << bit % 8))
		return;
	memcpy(packet + 3, data, size);
	hci_event_send_packet(c, packet, 3 + size);
}

void hci_event_send_le(
	struct hci_controller *c, enum hci_le_event code, const uint8_t *data, size_t size)
{
	uint8_t event[64] = {(uint8_t)code};
	unsigned bit = (unsigned)code - 1;

	if (!(c->le_event_mask[bit / 8] & 1 << bit % 8))
		return;
	memcpy(event + 1, data, size);
	hci_event_send(c, HCI_EVENT_LE_META, event, 1 + size);
}
