// SPDX-License-Identifier: MIT
#include "gym/hci-controller.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/hci-commands.h"
#include "gym/hci-private.h"
#include "gym/hci-radio.h"
#include "gym/hci-random.h"
#include "gym/hci-table.h"

#define LINKS_DEFAULT   8
#define CREDITS_DEFAULT 8

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
	hci_commands_reset(c);
	for (unsigned i = 0; i < options->n_peers; i++)
		c->advertiser[i].next_us =
			hci_random_below(&c->random, ops->advert_interval_us(i, user));
	return c;
}

struct hci_controller *hci_controller_free(struct hci_controller *c)
{
	if (c)
		free(c->advertiser);
	free(c);
	return NULL;
}

static bool is_listening(const struct hci_controller *c)
{
	return c->is_scanning || c->is_initiating;
}

/* What is due first: a connection event, or an advert while the host scans. */
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

/* Skips the adverts that nobody scanned for; their phase stays. */
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
			hci_radio_advert(c, (unsigned)peer);
		else
			hci_radio_connection_event(c, &c->link[link]);
	}
	if (t_us > c->now_us)
		c->now_us = t_us;
}

static void host_acl(struct hci_controller *c, const uint8_t *data, size_t size)
{
	struct hci_link *link;

	if (size < 4 || hci_get_le16(data + 2) != size - 4) {
		c->refused++;
		return;
	}
	link = hci_table_find(c, hci_get_le16(data));
	if (!link) /* it ended while the packet was on its way */
		return;
	if (c->credits_out >= c->options.acl_packets ||
		hci_link_push(link, hci_get_le16(data) & 0xf000, data + 4, size - 4) < 0) {
		c->refused++;
		return;
	}
	c->credits_out++;
}

void hci_controller_host_packet(
	struct hci_controller *c, int64_t t_us, const uint8_t *packet, size_t size)
{
	bool is_reset = size >= 3 && packet[0] == HCI_PACKET_COMMAND &&
			hci_get_le16(packet + 1) == HCI_RESET;

	hci_controller_advance(c, t_us);
	if (c->is_hung && is_reset)
		hci_controller_set_silent(c, false);
	if (c->is_silent)
		return;
	if (size >= 4 && packet[0] == HCI_PACKET_COMMAND && packet[3] == size - 4)
		hci_commands_run(c, (uint16_t)hci_get_le16(packet + 1), packet + 4, size - 4);
	else if (size >= 1 && packet[0] == HCI_PACKET_ACL)
		host_acl(c, packet + 1, size - 1);
	else
		c->refused++;
}

int hci_controller_lose_link(struct hci_controller *c, int64_t t_us, unsigned peer)
{
	struct hci_link *link;

	hci_controller_advance(c, t_us);
	link = hci_table_find_peer(c, peer);
	if (!link)
		return -ENOTCONN;
	hci_table_end(c, link, HCI_CONNECTION_TIMEOUT);
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
	c->is_hung = false;
}

void hci_controller_hang(struct hci_controller *c)
{
	c->is_silent = c->is_hung = true;
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
