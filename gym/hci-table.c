// SPDX-License-Identifier: MIT
#include "gym/hci-table.h"

#include <string.h>

#include "gym/hci-event.h"
#include "gym/hci-random.h"

struct hci_link *hci_table_find(struct hci_controller *c, unsigned handle)
{
	for (unsigned i = 0; i < c->links_max; i++)
		if (c->link[i].is_used && c->link[i].handle == (handle & 0x0fff))
			return &c->link[i];
	return NULL;
}

struct hci_link *hci_table_find_peer(struct hci_controller *c, unsigned peer)
{
	for (unsigned i = 0; i < c->links_max; i++)
		if (c->link[i].is_used && c->link[i].peer == peer)
			return &c->link[i];
	return NULL;
}

struct hci_link *hci_table_find_free(struct hci_controller *c)
{
	for (unsigned i = 0; i < c->links_max; i++)
		if (!c->link[i].is_used)
			return &c->link[i];
	return NULL;
}

/* Credits of a link that ends are returned without an event, by 4.1.1 of Part E. */
static void drop_link(struct hci_controller *c, struct hci_link *link)
{
	bool is_known = !link->is_doomed;
	unsigned peer = link->peer;

	c->credits_out -= link->queue_n;
	memset(link, 0, sizeof(*link));
	c->advertiser[peer].next_us =
		c->now_us + hci_random_below(&c->random, c->ops->advert_interval_us(peer, c->user));
	if (is_known)
		c->ops->disconnected(peer, c->now_us, c->user);
}

void hci_table_end(struct hci_controller *c, struct hci_link *link, enum hci_status reason)
{
	uint8_t event[4] = {
		0, (uint8_t)link->handle, (uint8_t)(link->handle >> 8), (uint8_t)reason};

	drop_link(c, link);
	hci_event_send(c, HCI_EVENT_DISCONNECTION_COMPLETE, event, sizeof(event));
}

void hci_table_drop_all(struct hci_controller *c)
{
	for (unsigned i = 0; i < c->links_max; i++)
		if (c->link[i].is_used)
			drop_link(c, &c->link[i]);
}
