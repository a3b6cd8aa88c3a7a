// SPDX-License-Identifier: MIT
#include "gym/att-server.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/att-table.h"
#include "gym/hci.h"

#define INDICATIONS_MAX 8 /* waiting for a confirmation; then nothing more is taken */

enum att_opcode { /* Core Vol 3 Part F 3.4.8 */
	ATT_ERROR_RESPONSE = 0x01,
	ATT_EXCHANGE_MTU = 0x02,
	ATT_FIND_INFORMATION = 0x04,
	ATT_FIND_BY_TYPE_VALUE = 0x06,
	ATT_READ_BY_TYPE = 0x08,
	ATT_READ = 0x0a,
	ATT_READ_BLOB = 0x0c,
	ATT_READ_BY_GROUP_TYPE = 0x10,
	ATT_WRITE = 0x12,
	ATT_NOTIFICATION = 0x1b,
	ATT_INDICATION = 0x1d,
	ATT_CONFIRMATION = 0x1e,
	ATT_WRITE_COMMAND = 0x52,
};
#define ATT_RESPONSE(request) ((uint8_t)((request) + 1))
#define ATT_IS_COMMAND        0x40

struct att_server {
	struct device *device;
	struct att_table table;
	uint8_t *ccc; /* by characteristic of the table */
	unsigned mtu;
	bool has_bond, is_encrypted, is_open;
	bool awaits_confirmation; /* of an indication that was sent */
	unsigned waiting_for;
	struct device_pdu indication[INDICATIONS_MAX];
	unsigned head, n;
};

struct att_server *att_server_new(struct device *device)
{
	struct att_server *server = new0(struct att_server);

	server->device = device;
	att_table_init(&server->table, device);
	server->ccc = alloc_zero(server->table.n_characteristics, 1);
	server->mtu = ATT_MTU_DEFAULT;
	return server;
}

struct att_server *att_server_free(struct att_server *server)
{
	if (server) {
		att_table_done(&server->table);
		free(server->ccc);
	}
	free(server);
	return NULL;
}

void att_server_connected(struct att_server *server, int64_t t_us)
{
	server->mtu = ATT_MTU_DEFAULT;
	server->is_encrypted = server->awaits_confirmation = false;
	server->head = server->n = 0;
	memset(server->ccc, 0, server->table.n_characteristics);
	device_connected(server->device, t_us, server->mtu);
}

void att_server_disconnected(struct att_server *server, int64_t t_us)
{
	memset(server->ccc, 0, server->table.n_characteristics);
	device_disconnected(server->device, t_us);
}

void att_server_set_bond(struct att_server *server, bool has_bond)
{
	server->has_bond = has_bond;
}

void att_server_set_open(struct att_server *server, bool is_open)
{
	server->is_open = is_open;
}

void att_server_set_encrypted(struct att_server *server, bool is_encrypted)
{
	server->is_encrypted = is_encrypted;
}

static size_t error(uint8_t *answer, uint8_t request, unsigned handle, int code)
{
	answer[0] = ATT_ERROR_RESPONSE;
	answer[1] = request;
	hci_put_le16(answer + 2, handle);
	answer[4] = (uint8_t)code;
	return 5;
}

static const struct att_characteristic *characteristic_of(
	const struct att_server *server, const struct att_attribute *attribute)
{
	return &server->table.characteristic[attribute->characteristic];
}

/* 0, or the error for an access to a protected attribute. */
static int check_security(const struct att_server *server, const struct att_characteristic *c)
{
	if (!c->needs_encryption || server->is_encrypted || server->is_open)
		return 0;
	return server->has_bond ? ATT_ERROR_ENCRYPTION : ATT_ERROR_AUTHENTICATION;
}

/* Length of the attribute's value, or a negative error. */
static int read_value(struct att_server *server, int64_t t_us,
	const struct att_attribute *attribute, uint8_t value[DEVICE_VALUE_MAX])
{
	const struct att_characteristic *c = characteristic_of(server, attribute);
	int denied;

	switch (attribute->kind) {
	case ATT_KIND_SERVICE:
	case ATT_KIND_CHARACTERISTIC:
		return (int)att_table_declaration(&server->table, attribute, value);
	case ATT_KIND_CCC:
		hci_put_le16(value, server->ccc[attribute->characteristic]);
		return 2;
	case ATT_KIND_VALUE:
		break;
	}
	if (!(c->properties & DEVICE_READ))
		return -ATT_ERROR_READ_NOT_PERMITTED;
	denied = check_security(server, c);
	if (denied)
		return -denied;
	if (c->device_index >= 0)
		return device_read(server->device, t_us, (unsigned)c->device_index, value);
	memcpy(value, c->fixed, c->fixed_size);
	return (int)c->fixed_size;
}

static int write_ccc(struct att_server *server, int64_t t_us, const struct att_attribute *attribute,
	const uint8_t *data, size_t size)
{
	const struct att_characteristic *c = characteristic_of(server, attribute);

	if (size != 2)
		return -ATT_ERROR_INVALID_LENGTH;
	server->ccc[attribute->characteristic] = data[0] & 3;
	if (c->device_index >= 0)
		device_subscribe(server->device, t_us, (unsigned)c->device_index, data[0] & 3);
	return 0;
}

/* A write request or command. 0 or a negative error. */
static int write_value(struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t pdu_size,
	enum device_property property)
{
	const struct att_attribute *attribute =
		att_table_get(&server->table, hci_get_le16(pdu + 1));
	const uint8_t *data = pdu + 3;
	size_t size = pdu_size - 3;
	const struct att_characteristic *c;
	int denied;

	if (!attribute)
		return -ATT_ERROR_INVALID_HANDLE;
	c = characteristic_of(server, attribute);
	switch (attribute->kind) {
	case ATT_KIND_SERVICE:
	case ATT_KIND_CHARACTERISTIC:
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	case ATT_KIND_CCC:
	case ATT_KIND_VALUE:
		break;
	}
	denied = check_security(server, c);
	if (denied)
		return -denied;
	if (attribute->kind == ATT_KIND_CCC)
		return write_ccc(server, t_us, attribute, data, size);
	if (!(c->properties & property) || c->device_index < 0)
		return -ATT_ERROR_WRITE_NOT_PERMITTED;
	return device_write(server->device, t_us, (unsigned)c->device_index, data, size);
}

static size_t exchange_mtu(
	struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size, uint8_t *answer)
{
	unsigned mtu;

	if (size != 3)
		return error(answer, pdu[0], 0, ATT_ERROR_INVALID_PDU);
	mtu = hci_get_le16(pdu + 1);
	mtu = mtu > ATT_MTU_OWN ? ATT_MTU_OWN : mtu < ATT_MTU_DEFAULT ? ATT_MTU_DEFAULT : mtu;
	server->mtu = mtu;
	device_set_mtu(server->device, t_us, mtu);
	answer[0] = ATT_RESPONSE(pdu[0]);
	hci_put_le16(answer + 1, ATT_MTU_OWN);
	return 3;
}

static size_t find_information(
	struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size, uint8_t *answer)
{
	unsigned first = hci_get_le16(pdu + 1), last = hci_get_le16(pdu + 3);
	size_t n = 2, width = 0;

	for (unsigned h = first; h <= last && att_table_get(&server->table, h); h++) {
		struct uuid type = att_table_type(&server->table, att_table_get(&server->table, h));
		uint8_t bytes[16];
		size_t w = att_table_put_uuid(&type, bytes);

		if ((width && w != width) || n + 2 + w > server->mtu)
			break;
		width = w;
		hci_put_le16(answer + n, h);
		memcpy(answer + n + 2, bytes, w);
		n += 2 + w;
	}
	if (width == 0)
		return error(answer, pdu[0], first, ATT_ERROR_NOT_FOUND);
	answer[0] = ATT_RESPONSE(pdu[0]);
	answer[1] = width == 2 ? 1 : 2;
	return n;
}

/* Finds services by their UUID. Linux never asks this, other hosts do. */
static size_t find_by_type_value(
	struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size, uint8_t *answer)
{
	unsigned first = hci_get_le16(pdu + 1), last = hci_get_le16(pdu + 3);
	size_t n = 1;

	for (unsigned h = first; h <= last && hci_get_le16(pdu + 5) == 0x2800; h++) {
		const struct att_attribute *attribute = att_table_get(&server->table, h);
		uint8_t value[19];

		if (!attribute || n + 4 > server->mtu)
			break;
		if (attribute->kind != ATT_KIND_SERVICE ||
			att_table_declaration(&server->table, attribute, value) != size - 7 ||
			memcmp(value, pdu + 7, size - 7) != 0)
			continue;
		hci_put_le16(answer + n, h);
		hci_put_le16(answer + n + 2, attribute->end);
		n += 4;
	}
	answer[0] = ATT_RESPONSE(pdu[0]);
	return n > 1 ? n : error(answer, pdu[0], first, ATT_ERROR_NOT_FOUND);
}

/* A list of handles (with group ends) and values, all equally long, being put into an answer. */
struct list {
	bool is_group;
	size_t width, n; /* of one entry, 0: there is none yet; of the answer */
};

/* Appends an entry, cut to what fits if it is the first. False if it does not fit. */
static bool append_entry(const struct att_server *server, struct list *list, unsigned handle,
	const struct device_pdu *value, uint8_t *answer)
{
	const struct att_attribute *attribute = att_table_get(&server->table, handle);
	size_t head = list->is_group ? 4 : 2;
	size_t size = value->size < 253 - head ? value->size : 253 - head;

	if (list->width == 0 && list->n + head + size > server->mtu)
		size = server->mtu - list->n - head;
	if ((list->width && size + head != list->width) || list->n + head + size > server->mtu)
		return false;
	list->width = size + head;
	hci_put_le16(answer + list->n, handle);
	if (list->is_group)
		hci_put_le16(answer + list->n + 2, attribute->end);
	memcpy(answer + list->n + head, value->value, size);
	list->n += list->width;
	return true;
}

/* Read By Type, and Read By Group Type for services. */
static size_t read_by_type(
	struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size, uint8_t *answer)
{
	struct list list = {.is_group = pdu[0] == ATT_READ_BY_GROUP_TYPE, .n = 2};
	unsigned first = hci_get_le16(pdu + 1), last = hci_get_le16(pdu + 3);
	struct uuid wanted, primary = UUID_SIG(0x2800);

	if (!att_table_get_uuid(pdu + 5, size - 5, &wanted))
		return error(answer, pdu[0], first, ATT_ERROR_INVALID_PDU);
	if (list.is_group && !uuid_is_equal(&wanted, &primary))
		return error(answer, pdu[0], first, ATT_ERROR_UNSUPPORTED_GROUP);
	for (unsigned h = first; h <= last && att_table_get(&server->table, h); h++) {
		const struct att_attribute *attribute = att_table_get(&server->table, h);
		struct uuid type = att_table_type(&server->table, attribute);
		struct device_pdu value;
		int got;

		if (!uuid_is_equal(&type, &wanted))
			continue;
		got = read_value(server, t_us, attribute, value.value);
		if (got < 0 && list.width == 0)
			return error(answer, pdu[0], h, -got);
		value.size = got < 0 ? 0 : (size_t)got;
		if (got < 0 || !append_entry(server, &list, h, &value, answer))
			break;
	}
	if (list.width == 0)
		return error(answer, pdu[0], first, ATT_ERROR_NOT_FOUND);
	answer[0] = ATT_RESPONSE(pdu[0]);
	answer[1] = (uint8_t)list.width;
	return list.n;
}

static size_t read_handle(
	struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size, uint8_t *answer)
{
	unsigned handle = hci_get_le16(pdu + 1);
	const struct att_attribute *attribute = att_table_get(&server->table, handle);
	size_t offset = pdu[0] == ATT_READ_BLOB ? hci_get_le16(pdu + 3) : 0, n;
	uint8_t value[DEVICE_VALUE_MAX];
	int got;

	if (!attribute)
		return error(answer, pdu[0], handle, ATT_ERROR_INVALID_HANDLE);
	got = read_value(server, t_us, attribute, value);
	if (got < 0)
		return error(answer, pdu[0], handle, -got);
	if (offset > (size_t)got)
		return error(answer, pdu[0], handle, ATT_ERROR_INVALID_OFFSET);
	n = (size_t)got - offset;
	if (n > server->mtu - 1)
		n = server->mtu - 1;
	answer[0] = ATT_RESPONSE(pdu[0]);
	memcpy(answer + 1, value + offset, n);
	return 1 + n;
}

static size_t write_handle(
	struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size, uint8_t *answer)
{
	unsigned handle = hci_get_le16(pdu + 1);
	int r = write_value(server, t_us, pdu, size, DEVICE_WRITE);

	if (r < 0)
		return error(answer, pdu[0], handle, -r);
	answer[0] = ATT_RESPONSE(pdu[0]);
	return 1;
}

static const struct {
	uint8_t opcode;
	uint8_t size_min, size_max; /* 0: up to the MTU */
	bool has_range;
	size_t (*run)(struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size,
		uint8_t *answer);
} requests[] = {
	{ATT_EXCHANGE_MTU, 3, 3, false, exchange_mtu},
	{ATT_FIND_INFORMATION, 5, 5, true, find_information},
	{ATT_FIND_BY_TYPE_VALUE, 7, 0, true, find_by_type_value},
	{ATT_READ_BY_TYPE, 7, 21, true, read_by_type},
	{ATT_READ, 3, 3, false, read_handle},
	{ATT_READ_BLOB, 5, 5, false, read_handle},
	{ATT_READ_BY_GROUP_TYPE, 7, 21, true, read_by_type},
	{ATT_WRITE, 3, 0, false, write_handle},
};

static void confirmed(struct att_server *server, int64_t t_us)
{
	if (!server->awaits_confirmation)
		return;
	server->awaits_confirmation = false;
	device_confirmed(server->device, t_us, server->waiting_for);
}

static size_t run_request(
	struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size, uint8_t *answer)
{
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		unsigned max = requests[i].size_max ? requests[i].size_max : server->mtu;

		if (requests[i].opcode != pdu[0])
			continue;
		if (size < requests[i].size_min || size > max)
			return error(answer, pdu[0], 0, ATT_ERROR_INVALID_PDU);
		if (requests[i].has_range && (hci_get_le16(pdu + 1) == 0 ||
						     hci_get_le16(pdu + 1) > hci_get_le16(pdu + 3)))
			return error(
				answer, pdu[0], hci_get_le16(pdu + 1), ATT_ERROR_INVALID_HANDLE);
		return requests[i].run(server, t_us, pdu, size, answer);
	}
	/* Even opcodes are requests; an odd one is an answer that nobody waits for. */
	return pdu[0] & 1 ? 0 : error(answer, pdu[0], 0, ATT_ERROR_NOT_SUPPORTED);
}

size_t att_server_received(struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size,
	uint8_t answer[ATT_PDU_MAX])
{
	if (size == 0)
		return 0;
	if (pdu[0] == ATT_CONFIRMATION) {
		confirmed(server, t_us);
		return 0;
	}
	if (pdu[0] == ATT_WRITE_COMMAND && size >= 3)
		write_value(server, t_us, pdu, size, DEVICE_WRITE_COMMAND);
	return pdu[0] & ATT_IS_COMMAND ? 0 : run_request(server, t_us, pdu, size, answer);
}

static const struct att_characteristic *find_characteristic(
	const struct att_server *server, unsigned index, uint8_t *ret_ccc)
{
	for (size_t i = 0; i < server->table.n_characteristics; i++) {
		if (server->table.characteristic[i].device_index != (int)index)
			continue;
		*ret_ccc = server->ccc[i];
		return &server->table.characteristic[i];
	}
	return NULL;
}

static size_t put_value(struct att_server *server, const struct device_pdu *value, uint8_t *pdu)
{
	uint8_t ccc = 0;
	const struct att_characteristic *c =
		find_characteristic(server, value->characteristic, &ccc);
	size_t size = value->size < server->mtu - 3 ? value->size : server->mtu - 3;

	if (!c || !(ccc & (value->is_indication ? 2 : 1)) || check_security(server, c) != 0)
		return 0;
	pdu[0] = value->is_indication ? ATT_INDICATION : ATT_NOTIFICATION;
	hci_put_le16(pdu + 1, c->value_handle);
	memcpy(pdu + 3, value->value, size);
	return 3 + size;
}

/* Puts a value into pdu, and waits for its confirmation if it is an indication. */
static size_t send_value(struct att_server *server, const struct device_pdu *value, uint8_t *pdu)
{
	size_t n = put_value(server, value, pdu);

	if (n > 0 && value->is_indication) {
		server->awaits_confirmation = true;
		server->waiting_for = value->characteristic;
	}
	return n;
}

/* An indication waits until the one before is confirmed; notifications overtake it. */
size_t att_server_transmit(struct att_server *server, int64_t t_us, uint8_t pdu[ATT_PDU_MAX])
{
	struct device_pdu value;
	size_t n = 0;

	while (n == 0 && !server->awaits_confirmation && server->n > 0) {
		n = send_value(server, &server->indication[server->head], pdu);
		server->head = (server->head + 1) % INDICATIONS_MAX;
		server->n--;
	}
	while (n == 0 && server->n < INDICATIONS_MAX && device_take(server->device, t_us, &value)) {
		if (value.is_indication && server->awaits_confirmation)
			server->indication[(server->head + server->n++) % INDICATIONS_MAX] = value;
		else
			n = send_value(server, &value, pdu);
	}
	return n;
}

unsigned att_server_mtu(const struct att_server *server)
{
	return server->mtu;
}

unsigned att_server_subscriptions(const struct att_server *server)
{
	unsigned n = 0;

	for (size_t i = 0; i < server->table.n_characteristics; i++)
		n += server->table.characteristic[i].device_index >= 0 && server->ccc[i] != 0;
	return n;
}
