// SPDX-License-Identifier: MIT
#pragma once
/* The links that the virtual controller carries: finding one, and ending it. */
#include "gym/hci-private.h"

/* NULL if there is none. */
struct hci_link *hci_table_find(struct hci_controller *c, unsigned handle);
struct hci_link *hci_table_find_peer(struct hci_controller *c, unsigned peer);
struct hci_link *hci_table_find_free(struct hci_controller *c);
/* Ends the link for the peer, and for the host with Disconnection Complete. */
void hci_table_end(struct hci_controller *c, struct hci_link *link, enum hci_status reason);
/* Ends all links, without an event to the host. */
void hci_table_drop_all(struct hci_controller *c);
