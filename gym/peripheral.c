// SPDX-License-Identifier: MIT
#include "gym/peripheral.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "gym/att-server.h"

enum l2cap_channel { /* Core Vol 3 Part A 2.1 */
	L2CAP_ATT = 0x0004,
	L2CAP_SIGNALLING = 0x0005,
	L2CAP_SMP = 0x0006,
};

enum l2cap_signal { /* Core Vol 3 Part A 4 */
	L2CAP_COMMAND_REJECT = 0x01,
	L2CAP_UPDATE_REQUEST = 0x12,
	L2CAP_UPDATE_RESPONSE = 0x13,
};

#define L2CAP_HEADER   4
#define ANSWERS_MAX    8 /* one to an ATT request, two of SMP, one of signalling, and some spare */
#define UPDATE_WAIT_US 5000000 /* TGAP(conn_pause_peripheral), Core Vol 3 Part C 9.3.12 */

struct peripheral {
	struct device *device;
	struct hci_address address;
	struct att_server *att;
	struct smp *smp;
	bool is_connected, is_encrypted, is_mute;
	int64_t interval_us;
	int64_t update_us; /* when it will ask for its own interval; INT64_MAX: never */
	uint8_t identifier;
	struct {
		uint8_t frame[L2CAP_HEADER + ATT_PDU_MAX];
		size_t size;
	} answer[ANSWERS_MAX];
	unsigned head, n;
};

static void parse_address(const char *text, struct hci_address *ret)
{
	uint8_t bytes[6];

	address_to_bytes(text, bytes);
	for (unsigned i = 0; i < 6; i++)
		ret->b[i] = bytes[5 - i];
}

struct peripheral *peripheral_new(struct device *device)
{
	struct peripheral *p = new0(struct peripheral);

	p->device = device;
	p->address.type = device_has_random_address(device);
	parse_address(device_address(device), &p->address);
	p->att = att_server_new(device);
	p->smp = smp_new(&p->address);
	return p;
}

struct peripheral *peripheral_free(struct peripheral *p)
{
	if (p) {
		att_server_free(p->att);
		smp_free(p->smp);
	}
	free(p);
	return NULL;
}

struct device *peripheral_device(const struct peripheral *p)
{
	return p->device;
}

void peripheral_address(const struct peripheral *p, struct hci_address *ret)
{
	*ret = p->address;
}

void peripheral_connected(
	struct peripheral *p, int64_t t_us, const struct hci_address *central, int64_t interval_us)
{
	const struct device_radio *radio = device_radio(p->device);
	uint8_t key[16];

	p->is_connected = true;
	p->is_encrypted = false;
	p->head = p->n = 0;
	p->interval_us = radio->interval_us;
	p->update_us =
		radio->interval_us / 1250 != 0 && radio->interval_us / 1250 != interval_us / 1250
			? t_us + UPDATE_WAIT_US
			: INT64_MAX;
	smp_connected(p->smp, central);
	att_server_connected(p->att, t_us);
	att_server_set_bond(p->att, smp_get_key(p->smp, key));
}

void peripheral_disconnected(struct peripheral *p, int64_t t_us)
{
	p->is_connected = p->is_encrypted = false;
	att_server_disconnected(p->att, t_us);
}

static void answer(
	struct peripheral *p, enum l2cap_channel channel, const uint8_t *pdu, size_t size)
{
	unsigned slot = (p->head + p->n) % ANSWERS_MAX;

	if (p->n == ANSWERS_MAX || size > ATT_PDU_MAX)
		return;
	hci_put_le16(p->answer[slot].frame, (unsigned)size);
	hci_put_le16(p->answer[slot].frame + 2, channel);
	memcpy(p->answer[slot].frame + L2CAP_HEADER, pdu, size);
	p->answer[slot].size = L2CAP_HEADER + size;
	p->n++;
}

static void received_signal(struct peripheral *p, const uint8_t *pdu, size_t size)
{
	uint8_t reject[6] = {L2CAP_COMMAND_REJECT};

	if (size < 4 || pdu[0] == L2CAP_COMMAND_REJECT || pdu[0] == L2CAP_UPDATE_RESPONSE)
		return;
	reject[1] = pdu[1];
	hci_put_le16(reject + 2, 2); /* length of the reason, which is 0: command not understood */
	answer(p, L2CAP_SIGNALLING, reject, sizeof(reject));
}

static void answer_pairing(struct peripheral *p)
{
	uint8_t pdu[SMP_PDU_MAX];
	size_t n;

	while ((n = smp_take(p->smp, pdu)) > 0)
		answer(p, L2CAP_SMP, pdu, n);
	att_server_set_bond(p->att, smp_get_key(p->smp, pdu));
}

void peripheral_received(struct peripheral *p, int64_t t_us, const uint8_t *frame, size_t size)
{
	const uint8_t *pdu = frame + L2CAP_HEADER;
	uint8_t out[ATT_PDU_MAX];
	size_t n;

	if (size < L2CAP_HEADER || p->is_mute)
		return;
	size -= L2CAP_HEADER;
	switch (hci_get_le16(frame + 2)) {
	case L2CAP_ATT:
		n = att_server_received(p->att, t_us, pdu, size, out);
		if (n > 0)
			answer(p, L2CAP_ATT, out, n);
		break;
	case L2CAP_SMP:
		smp_received(p->smp, pdu, size);
		answer_pairing(p);
		break;
	case L2CAP_SIGNALLING:
		received_signal(p, pdu, size);
		break;
	default: /* an unsupported channel */
		break;
	}
}

/* Connection Parameter Update Request, Core Vol 3 Part A 4.20. */
static void ask_update(struct peripheral *p)
{
	int64_t supervision_us = device_radio(p->device)->supervision_us;
	uint8_t request[12] = {L2CAP_UPDATE_REQUEST, ++p->identifier, 8, 0};
	unsigned interval = (unsigned)(p->interval_us / 1250);
	unsigned supervision = (unsigned)(supervision_us / 10000);

	if (supervision < 42) /* the default of Linux */
		supervision = 42;
	if (supervision * 8 < interval * 2 + 8) /* it must be longer than twice the interval */
		supervision = interval / 4 + 2;
	hci_put_le16(request + 4, interval);
	hci_put_le16(request + 6, interval);
	hci_put_le16(request + 10, supervision);
	answer(p, L2CAP_SIGNALLING, request, sizeof(request));
	p->update_us = INT64_MAX;
}

size_t peripheral_transmit(struct peripheral *p, int64_t t_us, uint8_t frame[HCI_FRAME_MAX])
{
	size_t size;

	if (p->is_mute)
		return 0;
	if (t_us >= p->update_us)
		ask_update(p);
	if (p->n > 0) {
		size = p->answer[p->head].size;
		memcpy(frame, p->answer[p->head].frame, size);
		p->head = (p->head + 1) % ANSWERS_MAX;
		p->n--;
		return size;
	}
	size = att_server_transmit(p->att, t_us, frame + L2CAP_HEADER);
	if (size == 0)
		return 0;
	hci_put_le16(frame, (unsigned)size);
	hci_put_le16(frame + 2, L2CAP_ATT);
	return L2CAP_HEADER + size;
}

bool peripheral_key(const struct peripheral *p, uint8_t ret[16])
{
	return smp_get_key(p->smp, ret);
}

void peripheral_encrypted(struct peripheral *p, int64_t t_us)
{
	p->is_encrypted = true;
	att_server_set_encrypted(p->att, true);
}

void peripheral_forget(struct peripheral *p)
{
	smp_forget(p->smp);
	att_server_set_bond(p->att, false);
}

void peripheral_set_demand(struct peripheral *p, enum smp_demand demand, uint32_t passkey)
{
	smp_set_demand(p->smp, demand, passkey);
}

bool peripheral_enter(struct peripheral *p, uint32_t passkey)
{
	if (!p->is_connected || !smp_enter(p->smp, passkey))
		return false;
	answer_pairing(p);
	return true;
}

void peripheral_imitate(struct peripheral *p, bool is_other)
{
	smp_hide(p->smp, is_other);
	att_server_set_open(p->att, is_other);
}

void peripheral_set_mute(struct peripheral *p, bool is_mute)
{
	p->is_mute = is_mute;
}

bool peripheral_is_encrypted(const struct peripheral *p)
{
	return p->is_encrypted;
}

unsigned peripheral_mtu(const struct peripheral *p)
{
	return att_server_mtu(p->att);
}

unsigned peripheral_subscriptions(const struct peripheral *p)
{
	return att_server_subscriptions(p->att);
}
