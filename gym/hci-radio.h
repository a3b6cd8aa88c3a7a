// SPDX-License-Identifier: MIT
#pragma once
/* The virtual controller's radio: who is received, who is connected, what each connection event
 * carries.
 *
 *   connection events   |--------|--------|--------|   one interval apart (the host's choice)
 *   host to peer          p p                p         (1) packets wait for an event, then credits
 *   peer to host          q          q q               (2) frames are asked for at the event
 *   on the air             ok    lost     ok           (3) a loss ends the event, the rest is sent
 *                                                          in the next one
 *   peer out of reach            x x x x x x x |       (4) until supervision runs out: link lost
 */
#include "gym/hci-private.h"

/* A peer sends an advert. */
void hci_radio_advert(struct hci_controller *c, unsigned peer);
/* The connection event of a link is due. */
void hci_radio_connection_event(struct hci_controller *c, struct hci_link *link);
/* Ends the connection attempt under way. */
void hci_radio_fail_connection(struct hci_controller *c, enum hci_status status);
