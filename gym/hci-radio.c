// SPDX-License-Identifier: MIT
#include "gym/hci-radio.h"

#include <string.h>

#include "gym/hci-event.h"
#include "gym/hci-random.h"
#include "gym/hci-table.h"

#define PACKETS_PER_EVENT 8     /* each way: what fits beside six other links in 30 to 50 ms */
#define ADVERT_DELAY_US   10000 /* random part of an interval, Vol 6 Part B 4.4.2.2.1 */
#define CONNECT_DELAY_US  1250  /* transmit window delay, Vol 6 Part B 4.5.3 */
#define ESTABLISH_EVENTS  6     /* events within which the peer must answer, Vol 6 Part B 4.5.2 */
#define UNUSED_HANDLE_MAX 0x0eff

static void connection_complete(struct hci_controller *c, enum hci_status status,
	const struct hci_link *link, const struct hci_address *peer)
{
	uint8_t event[18] = {(uint8_t)status};

	hci_put_le16(event + 1, link->handle);
	event[4] = peer->type;
	memcpy(event + 5, peer->b, 6);
	hci_put_le16(event + 11, link->interval);
	hci_put_le16(event + 13, link->latency);
	hci_put_le16(event + 15, link->supervision);
	event[17] = 1; /* clock accuracy of the central: 250 ppm */
	hci_event_send_le(c, HCI_LE_CONNECTION_COMPLETE, event, sizeof(event));
}

void hci_radio_fail_connection(struct hci_controller *c, enum hci_status status)
{
	static const struct hci_link none;

	c->is_initiating = false;
	connection_complete(c, status, &none, &c->target);
}

static unsigned new_handle(struct hci_controller *c)
{
	do
		c->handles = c->handles % UNUSED_HANDLE_MAX + 1;
	while (hci_table_find(c, c->handles));
	return c->handles;
}

static void open_link(struct hci_controller *c, struct hci_link *link, unsigned peer)
{
	c->is_initiating = false;
	link->is_used = true;
	link->peer = peer;
	link->handle = (uint16_t)new_handle(c);
	link->interval = c->connect_interval;
	link->latency = c->connect_latency;
	link->supervision = c->connect_supervision;
	link->heard_us = c->now_us;
	link->event_us = c->now_us + CONNECT_DELAY_US +
			 hci_random_below(&c->random, hci_link_interval_us(link));
}

static void connect_peer(struct hci_controller *c, unsigned peer, const struct hci_address *address)
{
	struct hci_link *link = hci_table_find_free(c);
	const struct hci_address *own =
		c->has_random_own ? &c->random_address : &c->options.address;

	c->target = *address;
	if (!link) {
		hci_radio_fail_connection(c, HCI_CONNECTION_LIMIT);
		return;
	}
	if (c->failing_connects > 0) {
		c->failing_connects--;
		if (c->failing_status != HCI_ESTABLISHMENT_FAILED) {
			hci_radio_fail_connection(c, c->failing_status);
			return;
		}
		link->is_doomed = true;
	}
	open_link(c, link, peer);
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

/* The host is trying to connect to it. */
static bool is_wanted(const struct hci_controller *c, const struct hci_address *address)
{
	return c->has_connect_accept_list ? is_accepted(c, address)
					  : hci_address_is_equal(&c->target, address);
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
	hci_event_send_le(c, HCI_LE_ADVERTISING_REPORT, event, 11 + size);
}

void hci_radio_advert(struct hci_controller *c, unsigned peer)
{
	struct hci_advertiser *advertiser = &c->advertiser[peer];
	struct hci_address address;

	advertiser->next_us = c->now_us + c->ops->advert_interval_us(peer, c->user) +
			      hci_random_below(&c->random, ADVERT_DELAY_US);
	if (c->is_hung || hci_table_find_peer(c, peer) ||
		!c->ops->is_reachable(peer, c->now_us, c->user))
		return;
	c->ops->address(peer, &address, c->user);
	if (c->is_initiating && is_wanted(c, &address)) {
		connect_peer(c, peer, &address);
		return;
	}
	if (!c->is_scanning || (c->has_scan_accept_list && !is_accepted(c, &address)) ||
		(c->has_filter_duplicates && advertiser->is_reported) ||
		hci_random_below(&c->random, 255) >= c->scan_share)
		return;
	advertiser->is_reported = true;
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
		hci_event_send(c, HCI_EVENT_ENCRYPTION_CHANGE, event, 4);
		return;
	}
	if (memcmp(key, link->key, sizeof(key)) != 0) {
		hci_table_end(c, link, HCI_MIC_FAILURE);
		return;
	}
	if (link->is_encrypted) {
		hci_event_send(c, HCI_EVENT_KEY_REFRESH_COMPLETE, event, 3);
		return;
	}
	link->is_encrypted = true;
	c->ops->encrypted(link->peer, c->now_us, c->user);
	hci_event_send(c, HCI_EVENT_ENCRYPTION_CHANGE, event, 4);
}

/* False if the link has ended. */
static bool do_procedures(struct hci_controller *c, struct hci_link *link)
{
	unsigned due = link->procedures;
	uint8_t event[11] = {HCI_SUCCESS, (uint8_t)link->handle, (uint8_t)(link->handle >> 8)};

	link->procedures = 0;
	if (due & HCI_PROCEDURE_DISCONNECT) {
		hci_table_end(c, link, HCI_LOCAL_ENDED);
		return false;
	}
	if (due & HCI_PROCEDURE_FEATURES) {
		event[3] = 0x01; /* the peer supports encryption */
		hci_event_send_le(c, HCI_LE_REMOTE_FEATURES_COMPLETE, event, 11);
	}
	if (due & HCI_PROCEDURE_UPDATE) {
		link->interval = link->new_interval;
		link->latency = link->new_latency;
		link->supervision = link->new_supervision;
		hci_put_le16(event + 3, link->interval);
		hci_put_le16(event + 5, link->latency);
		hci_put_le16(event + 7, link->supervision);
		hci_event_send_le(c, HCI_LE_UPDATE_COMPLETE, event, 9);
	}
	if (due & HCI_PROCEDURE_ENCRYPT)
		encrypt(c, link);
	return link->is_used;
}

/* (1), (3). The credits of the whole event go back together. */
static void send_to_peer(struct hci_controller *c, struct hci_link *link, double loss)
{
	uint8_t event[5] = {1, (uint8_t)link->handle, (uint8_t)(link->handle >> 8)};
	unsigned n = 0;

	while (link->queue_n > 0 && n < PACKETS_PER_EVENT && !hci_random_chance(&c->random, loss)) {
		n++;
		if (hci_link_deliver(link))
			c->ops->received(link->peer, c->now_us, link->in, link->in_size, c->user);
	}
	if (n == 0)
		return;
	c->credits_out -= n;
	hci_put_le16(event + 3, n);
	hci_event_send(c, HCI_EVENT_COMPLETED_PACKETS, event, sizeof(event));
}

/* (2), (3) */
static void send_to_host(struct hci_controller *c, struct hci_link *link, double loss)
{
	uint8_t packet[HCI_ACL_MAX];

	for (unsigned n = 0; n < PACKETS_PER_EVENT; n++) {
		if (link->out_at == link->out_size) {
			link->out_at = 0;
			link->out_size =
				c->ops->transmit(link->peer, c->now_us, link->out, c->user);
		}
		if (link->out_size == 0 || hci_random_chance(&c->random, loss))
			return;
		hci_event_send_packet(c, packet, hci_link_piece(link, packet));
	}
}

void hci_radio_connection_event(struct hci_controller *c, struct hci_link *link)
{
	double loss = 0;
	int64_t supervision_us = 0;

	link->event_us += hci_link_interval_us(link);
	if (link->is_doomed) {
		if (c->now_us - link->heard_us >= ESTABLISH_EVENTS * hci_link_interval_us(link))
			hci_table_end(c, link, HCI_ESTABLISHMENT_FAILED);
		return;
	}
	c->ops->radio(link->peer, &loss, &supervision_us, c->user);
	if (supervision_us == 0)
		supervision_us = (int64_t)link->supervision * 10000;
	if (c->is_hung || !c->ops->is_reachable(link->peer, c->now_us, c->user)) {
		if (c->now_us - link->heard_us >= supervision_us)
			hci_table_end(c, link, HCI_CONNECTION_TIMEOUT);
		return;
	}
	link->heard_us = c->now_us;
	if (!do_procedures(c, link))
		return;
	send_to_peer(c, link, loss);
	if (link->is_used)
		send_to_host(c, link, loss);
}
