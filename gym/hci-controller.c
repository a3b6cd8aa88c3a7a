// SPDX-License-Identifier: MIT
/* The virtual controller: its life, its time, its door to the host. */
#include "gym/hci-controller.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/generator.h"
#include "gym/hci-private.h"

#define LINKS_DEFAULT   8
#define CREDITS_DEFAULT 8

/* Bits of Set Event Mask, Vol 4 Part E 7.3.1; events without one are always sent. */
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

int64_t hci_random_below(struct hci_controller *c, int64_t limit)
{
	return limit > 0 ? (int64_t)(generator_xorshift(&c->random) >> 16) % limit : 0;
}

bool hci_random_chance(struct hci_controller *c, double share)
{
	return share > 0 && generator_unit(generator_xorshift(&c->random)) < share;
}

void hci_send_to_host(struct hci_controller *c, const uint8_t *packet, size_t size)
{
	if (!c->is_silent)
		c->to_host(packet, size, c->user);
}

void hci_event(struct hci_controller *c, enum hci_event code, const uint8_t *data, size_t size)
{
	uint8_t packet[HCI_EVENT_MAX] = {HCI_PACKET_EVENT, (uint8_t)code, (uint8_t)size};
	int bit = event_bit(code);

	if (bit >= 0 && !(c->event_mask[bit / 8] & 1 << bit % 8))
		return;
	memcpy(packet + 3, data, size);
	hci_send_to_host(c, packet, 3 + size);
}

void hci_le_event(
	struct hci_controller *c, enum hci_le_event code, const uint8_t *data, size_t size)
{
	uint8_t event[64] = {(uint8_t)code};
	unsigned bit = (unsigned)code - 1;

	if (!(c->le_event_mask[bit / 8] & 1 << bit % 8))
		return;
	memcpy(event + 1, data, size);
	hci_event(c, HCI_EVENT_LE_META, event, 1 + size);
}

/* 3.1 of Part E: what a reset leaves. */
static void set_defaults(struct hci_controller *c)
{
	static const uint8_t mask[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0};

	memcpy(c->event_mask, mask, sizeof(mask));
	memset(c->le_event_mask, 0, sizeof(c->le_event_mask));
	c->le_event_mask[0] = 0x1f;
	memset(&c->random_address, 0, sizeof(c->random_address));
	c->random_address.type = 1;
	c->n_accept = 0;
	c->is_scanning = c->is_initiating = false;
	c->scan_share = 255;
	c->credits_out = 0;
}

struct hci_controller *hci_controller_new(const struct hci_controller_options *options,
	const struct hci_peer_ops *ops, hci_to_host_fn to_host, void *user)
{
	struct hci_controller *c = alloc_zero(1, sizeof(*c));

	c->options = *options;
	if (c->options.acl_packets == 0)
		c->options.acl_packets = CREDITS_DEFAULT;
	if (c->options.acl_packets > HCI_LINK_QUEUE)
		c->options.acl_packets = HCI_LINK_QUEUE;
	c->links_max = options->links ? options->links : LINKS_DEFAULT;
	if (c->links_max > HCI_LINKS_MAX)
		c->links_max = HCI_LINKS_MAX;
	c->ops = ops;
	c->to_host = to_host;
	c->user = user;
	c->random = options->seed * 2 + 1;
	c->advertiser = alloc_zero(options->n_peers ? options->n_peers : 1, sizeof(*c->advertiser));
	set_defaults(c);
	for (unsigned i = 0; i < options->n_peers; i++)
		c->advertiser[i].next_us = hci_random_below(c, ops->advert_interval_us(i, user));
	return c;
}

struct hci_controller *hci_controller_free(struct hci_controller *c)
{
	if (c)
		free(c->advertiser);
	free(c);
	return NULL;
}

void hci_start_scan(struct hci_controller *c)
{
	if (c->is_scanning)
		return;
	for (unsigned i = 0; i < c->options.n_peers; i++)
		c->advertiser[i].is_told = false;
}

struct hci_link *hci_find_link(struct hci_controller *c, unsigned handle)
{
	for (unsigned i = 0; i < c->links_max; i++)
		if (c->link[i].is_used && c->link[i].handle == (handle & 0x0fff))
			return &c->link[i];
	return NULL;
}

struct hci_link *hci_find_peer(struct hci_controller *c, unsigned peer)
{
	for (unsigned i = 0; i < c->links_max; i++)
		if (c->link[i].is_used && c->link[i].peer == peer)
			return &c->link[i];
	return NULL;
}

/* Credits of a link that ends come back without an event, by 4.1.1 of Part E. */
static void drop_link(struct hci_controller *c, struct hci_link *link)
{
	bool is_known = !link->is_doomed;
	unsigned peer = link->peer;

	c->credits_out -= link->queue_n;
	memset(link, 0, sizeof(*link));
	c->advertiser[peer].next_us =
		c->now_us + hci_random_below(c, c->ops->advert_interval_us(peer, c->user));
	if (is_known)
		c->ops->disconnected(peer, c->now_us, c->user);
}

void hci_end_link(struct hci_controller *c, struct hci_link *link, enum hci_status reason)
{
	uint8_t event[4] = {
		0, (uint8_t)link->handle, (uint8_t)(link->handle >> 8), (uint8_t)reason};

	drop_link(c, link);
	hci_event(c, HCI_EVENT_DISCONNECTION_COMPLETE, event, sizeof(event));
}

void hci_reset(struct hci_controller *c)
{
	for (unsigned i = 0; i < c->links_max; i++)
		if (c->link[i].is_used)
			drop_link(c, &c->link[i]);
	set_defaults(c);
}

static bool is_listening(const struct hci_controller *c)
{
	return c->is_scanning || c->is_initiating;
}

/* The earliest thing due: a link's event, or an advert while the host listens. */
static int64_t find_next(const struct hci_controller *c, int *ret_link, int *ret_peer)
{
	int64_t next = INT64_MAX;

	*ret_link = *ret_peer = -1;
	for (unsigned i = 0; i < c->links_max; i++) {
		if (!c->link[i].is_used || c->link[i].event_us >= next)
			continue;
		next = c->link[i].event_us;
		*ret_link = (int)i;
	}
	if (!is_listening(c))
		return next;
	for (unsigned i = 0; i < c->options.n_peers; i++) {
		if (c->advertiser[i].next_us >= next)
			continue;
		next = c->advertiser[i].next_us;
		*ret_peer = (int)i;
	}
	return next;
}

int64_t hci_controller_next(const struct hci_controller *c)
{
	int link, peer;

	return find_next(c, &link, &peer);
}

/* Adverts that nobody listened to are gone: their times are moved on, keeping their phases. */
static void skip_adverts(struct hci_controller *c)
{
	for (unsigned i = 0; i < c->options.n_peers; i++) {
		int64_t interval_us = c->ops->advert_interval_us(i, c->user);

		if (c->advertiser[i].next_us < c->now_us && interval_us > 0)
			c->advertiser[i].next_us +=
				(c->now_us - c->advertiser[i].next_us) / interval_us * interval_us +
				interval_us;
	}
}

void hci_controller_advance(struct hci_controller *c, int64_t t_us)
{
	int link, peer;
	int64_t next;

	if (!is_listening(c))
		skip_adverts(c);
	while ((next = find_next(c, &link, &peer)) <= t_us) {
		if (next > c->now_us)
			c->now_us = next;
		if (peer >= 0)
			hci_hear_advert(c, (unsigned)peer);
		else
			hci_connection_event(c, &c->link[link]);
	}
	if (t_us > c->now_us)
		c->now_us = t_us;
}

static void host_acl(struct hci_controller *c, const uint8_t *data, size_t size)
{
	struct hci_link *link;

	if (size < 4 || get_le16(data + 2) != size - 4) {
		c->refused++;
		return;
	}
	link = hci_find_link(c, get_le16(data));
	if (!link) /* it ended while the packet was on its way */
		return;
	if (c->credits_out >= c->options.acl_packets ||
		hci_link_push(link, get_le16(data) & 0xf000, data + 4, size - 4) < 0) {
		c->refused++;
		return;
	}
	c->credits_out++;
}

void hci_controller_host_packet(
	struct hci_controller *c, int64_t t_us, const uint8_t *packet, size_t size)
{
	hci_controller_advance(c, t_us);
	if (c->is_silent)
		return;
	if (size >= 4 && packet[0] == HCI_PACKET_COMMAND && packet[3] == size - 4)
		hci_command(c, (uint16_t)get_le16(packet + 1), packet + 4, size - 4);
	else if (size >= 1 && packet[0] == HCI_PACKET_ACL)
		host_acl(c, packet + 1, size - 1);
	else
		c->refused++;
}

int hci_controller_lose_link(struct hci_controller *c, int64_t t_us, unsigned peer)
{
	struct hci_link *link;

	hci_controller_advance(c, t_us);
	link = hci_find_peer(c, peer);
	if (!link)
		return -ENOTCONN;
	hci_end_link(c, link, HCI_CONNECTION_TIMEOUT);
	return 0;
}

void hci_controller_fail_connects(struct hci_controller *c, unsigned n, enum hci_status status)
{
	c->failing_connects = n;
	c->failing_status = status;
}

void hci_controller_set_silent(struct hci_controller *c, bool is_silent)
{
	c->is_silent = is_silent;
}

unsigned hci_controller_links(const struct hci_controller *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->links_max; i++)
		n += c->link[i].is_used;
	return n;
}

unsigned hci_controller_refused(const struct hci_controller *c)
{
	return c->refused;
}

uint16_t hci_controller_unknown(const struct hci_controller *c)
{
	return c->unknown;
}
