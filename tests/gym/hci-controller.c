// SPDX-License-Identifier: MIT
/* The virtual controller's radio: who is heard, who is linked, what an event of a link carries.
 *
 *   link's events     |--------|--------|--------|   one interval apart (the host's choice)
 *   host to peer        p p                p         (1) packets wait for an event, then credits
 *   peer to host        q          q q               (2) frames are asked for at the event
 *   in the air           ok    lost     ok           (3) a loss ends the event, the rest is sent
 *                                                        in the next one
 *   peer out of reach          x x x x x x x |       (4) until supervision runs out: link lost
 */
#include "tests/gym/hci-controller.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/gym/hci-state.h"

#define PACKETS_AN_EVENT  8     /* each way: what fits beside six other links in 30 to 50 ms */
#define ADVERT_DELAY_US   10000 /* random part of each advert's spacing, Vol 6 Part B 4.4.2.2.1 */
#define CONNECT_DELAY_US  1250  /* transmit window delay, Vol 6 Part B 4.5.3 */
#define ESTABLISH_EVENTS  6     /* events within which a link must be heard, Vol 6 Part B 4.5.2 */
#define LINKS_DEFAULT     8
#define CREDITS_DEFAULT   8
#define UNUSED_HANDLE_MAX 0x0eff

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

/* xorshift64*, Vigna 2016: one stream a controller, so that a seed gives the same run. */
static uint64_t random_next(struct hci_controller *c)
{
	c->random ^= c->random >> 12;
	c->random ^= c->random << 25;
	c->random ^= c->random >> 27;
	return c->random * 0x2545f4914f6cdd1dULL;
}

static int64_t random_below(struct hci_controller *c, int64_t limit)
{
	return limit > 0 ? (int64_t)(random_next(c) >> 16) % limit : 0;
}

static bool random_chance(struct hci_controller *c, double share)
{
	return share > 0 && (double)(random_next(c) >> 11) / 9007199254740992.0 < share;
}

static void send_to_host(struct hci_controller *c, const uint8_t *packet, size_t size)
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
	send_to_host(c, packet, 3 + size);
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
		c->advertiser[i].next_us = random_below(c, ops->advert_interval_us(i, user));
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

static struct hci_link *find_peer(struct hci_controller *c, unsigned peer)
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
		c->now_us + random_below(c, c->ops->advert_interval_us(peer, c->user));
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

static void connection_complete(struct hci_controller *c, enum hci_status status,
	const struct hci_link *link, const struct hci_address *peer)
{
	uint8_t event[18] = {(uint8_t)status};

	put_le16(event + 1, link->handle);
	event[4] = peer->type;
	memcpy(event + 5, peer->b, 6);
	put_le16(event + 11, link->interval);
	put_le16(event + 13, link->latency);
	put_le16(event + 15, link->supervision);
	event[17] = 1; /* clock accuracy of the central's: 250 ppm */
	hci_le_event(c, HCI_LE_CONNECTION_COMPLETE, event, sizeof(event));
}

void hci_connection_failed(struct hci_controller *c, enum hci_status status)
{
	static const struct hci_link none;

	c->is_initiating = false;
	connection_complete(c, status, &none, &c->target);
}

static unsigned new_handle(struct hci_controller *c)
{
	do
		c->handles = c->handles % UNUSED_HANDLE_MAX + 1;
	while (hci_find_link(c, c->handles));
	return c->handles;
}

static void connect_peer(struct hci_controller *c, unsigned peer, const struct hci_address *address)
{
	struct hci_link *link = NULL;
	const struct hci_address *own =
		c->has_random_own ? &c->random_address : &c->options.address;

	for (unsigned i = 0; i < c->links_max && !link; i++)
		if (!c->link[i].is_used)
			link = &c->link[i];
	c->target = *address;
	if (!link) {
		hci_connection_failed(c, HCI_CONNECTION_LIMIT);
		return;
	}
	if (c->failing_connects > 0) {
		c->failing_connects--;
		if (c->failing_status != HCI_ESTABLISHMENT_FAILED) {
			hci_connection_failed(c, c->failing_status);
			return;
		}
		link->is_doomed = true;
	}
	c->is_initiating = false;
	link->is_used = true;
	link->peer = peer;
	link->handle = (uint16_t)new_handle(c);
	link->interval = c->connect_interval;
	link->latency = c->connect_latency;
	link->supervision = c->connect_supervision;
	link->heard_us = c->now_us;
	link->event_us = c->now_us + CONNECT_DELAY_US + random_below(c, hci_link_interval_us(link));
	connection_complete(c, HCI_SUCCESS, link, address);
	if (!link->is_doomed)
		c->ops->connected(peer, c->now_us, own, hci_link_interval_us(link), c->user);
}

static bool is_accepted(const struct hci_controller *c, const struct hci_address *address)
{
	for (unsigned i = 0; i < c->n_accept; i++)
		if (hci_address_is_equal(&c->accept[i], address))
			return true;
	return false;
}

static void report(struct hci_controller *c, unsigned peer, const struct hci_address *address,
	bool is_scan_response)
{
	uint8_t event[10 + 31 + 1] = {1, is_scan_response ? 0x04 : 0x00, address->type};
	size_t size = is_scan_response ? c->ops->scan_response(peer, event + 10, c->user)
				       : c->ops->advert(peer, event + 10, c->user);

	memcpy(event + 3, address->b, 6);
	event[9] = (uint8_t)size;
	event[10 + size] = (uint8_t)(int8_t)c->ops->rssi_dbm(peer, c->now_us, c->user);
	hci_le_event(c, HCI_LE_ADVERTISING_REPORT, event, 11 + size);
}

/* An advert of a peer is in the air. */
static void hear_advert(struct hci_controller *c, unsigned peer)
{
	struct hci_advertiser *advertiser = &c->advertiser[peer];
	struct hci_address address;

	advertiser->next_us = c->now_us + c->ops->advert_interval_us(peer, c->user) +
			      random_below(c, ADVERT_DELAY_US);
	if (find_peer(c, peer) || !c->ops->is_reachable(peer, c->now_us, c->user))
		return;
	c->ops->address(peer, &address, c->user);
	if (c->is_initiating &&
		(c->has_connect_accept_list ? is_accepted(c, &address)
					    : hci_address_is_equal(&c->target, &address))) {
		connect_peer(c, peer, &address);
		return;
	}
	if (!c->is_scanning || (c->has_scan_accept_list && !is_accepted(c, &address)) ||
		(c->has_filter_duplicates && advertiser->is_told) ||
		random_below(c, 255) >= c->scan_share)
		return;
	advertiser->is_told = true;
	report(c, peer, &address, false);
	if (c->is_active_scan)
		report(c, peer, &address, true);
}

static void encrypt(struct hci_controller *c, struct hci_link *link)
{
	uint8_t event[4] = {HCI_SUCCESS, (uint8_t)link->handle, (uint8_t)(link->handle >> 8), 1};
	uint8_t key[16];

	if (!c->ops->key(link->peer, key, c->user)) {
		event[0] = HCI_KEY_MISSING;
		event[3] = link->is_encrypted;
		hci_event(c, HCI_EVENT_ENCRYPTION_CHANGE, event, 4);
		return;
	}
	if (memcmp(key, link->key, sizeof(key)) != 0) {
		hci_end_link(c, link, HCI_MIC_FAILURE);
		return;
	}
	if (link->is_encrypted) {
		hci_event(c, HCI_EVENT_KEY_REFRESH_COMPLETE, event, 3);
		return;
	}
	link->is_encrypted = true;
	c->ops->encrypted(link->peer, c->now_us, c->user);
	hci_event(c, HCI_EVENT_ENCRYPTION_CHANGE, event, 4);
}

/* False where the link has ended. */
static bool do_procedures(struct hci_controller *c, struct hci_link *link)
{
	unsigned due = link->procedures;
	uint8_t event[11] = {HCI_SUCCESS, (uint8_t)link->handle, (uint8_t)(link->handle >> 8)};

	link->procedures = 0;
	if (due & HCI_PROCEDURE_DISCONNECT) {
		hci_end_link(c, link, HCI_LOCAL_ENDED);
		return false;
	}
	if (due & HCI_PROCEDURE_FEATURES) {
		event[3] = 0x01; /* the peer's: encryption */
		hci_le_event(c, HCI_LE_REMOTE_FEATURES_COMPLETE, event, 11);
	}
	if (due & HCI_PROCEDURE_UPDATE) {
		link->interval = link->new_interval;
		link->latency = link->new_latency;
		link->supervision = link->new_supervision;
		put_le16(event + 3, link->interval);
		put_le16(event + 5, link->latency);
		put_le16(event + 7, link->supervision);
		hci_le_event(c, HCI_LE_UPDATE_COMPLETE, event, 9);
	}
	if (due & HCI_PROCEDURE_ENCRYPT)
		encrypt(c, link);
	return link->is_used;
}

/* (1), (3). The credits go back once, for all of this event. */
static void carry_to_peer(struct hci_controller *c, struct hci_link *link, double loss)
{
	uint8_t event[5] = {1, (uint8_t)link->handle, (uint8_t)(link->handle >> 8)};
	unsigned n = 0;

	while (link->queue_n > 0 && n < PACKETS_AN_EVENT && !random_chance(c, loss)) {
		n++;
		if (hci_link_deliver(link))
			c->ops->received(link->peer, c->now_us, link->in, link->in_size, c->user);
	}
	if (n == 0)
		return;
	c->credits_out -= n;
	put_le16(event + 3, n);
	hci_event(c, HCI_EVENT_COMPLETED_PACKETS, event, sizeof(event));
}

/* (2), (3) */
static void carry_to_host(struct hci_controller *c, struct hci_link *link, double loss)
{
	uint8_t packet[HCI_ACL_MAX];

	for (unsigned n = 0; n < PACKETS_AN_EVENT; n++) {
		if (link->out_at == link->out_size) {
			link->out_at = 0;
			link->out_size =
				c->ops->transmit(link->peer, c->now_us, link->out, c->user);
		}
		if (link->out_size == 0 || random_chance(c, loss))
			return;
		send_to_host(c, packet, hci_link_piece(link, packet));
	}
}

static void connection_event(struct hci_controller *c, struct hci_link *link)
{
	double loss = 0;
	int64_t supervision_us = 0;

	link->event_us += hci_link_interval_us(link);
	if (link->is_doomed) {
		if (c->now_us - link->heard_us >= ESTABLISH_EVENTS * hci_link_interval_us(link))
			hci_end_link(c, link, HCI_ESTABLISHMENT_FAILED);
		return;
	}
	c->ops->radio(link->peer, &loss, &supervision_us, c->user);
	if (supervision_us == 0)
		supervision_us = (int64_t)link->supervision * 10000;
	if (!c->ops->is_reachable(link->peer, c->now_us, c->user)) {
		if (c->now_us - link->heard_us >= supervision_us)
			hci_end_link(c, link, HCI_CONNECTION_TIMEOUT);
		return;
	}
	link->heard_us = c->now_us;
	if (!do_procedures(c, link))
		return;
	carry_to_peer(c, link, loss);
	if (link->is_used)
		carry_to_host(c, link, loss);
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
			hear_advert(c, (unsigned)peer);
		else
			connection_event(c, &c->link[link]);
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
	link = find_peer(c, peer);
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
