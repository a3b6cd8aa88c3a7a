// SPDX-License-Identifier: MIT
#pragma once
/* Events and packets from the virtual controller to its host. Events honour the masks that the host
 * has set; a silent controller sends nothing.
 */
#include "gym/hci-private.h"

void hci_event_send(
	struct hci_controller *c, enum hci_event code, const uint8_t *data, size_t size);
void hci_event_send_le(
	struct hci_controller *c, enum hci_le_event code, const uint8_t *data, size_t size);
/* A whole H4 packet. */
void hci_event_send_packet(struct hci_controller *c, const uint8_t *packet, size_t size);
