// SPDX-License-Identifier: MIT
#include "gym/hci-commands.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/hci-event.h"
#include "gym/hci-radio.h"
#include "gym/hci-table.h"

#define HCI_VERSION_5_0 0x09 /* Assigned Numbers, core version */
#define HCI_COMPANY     0xffff
/* LE features, Vol 6 Part B 4.6: encryption, connection parameters request, features exchange that
 * a peripheral starts.
 */
#define HCI_LE_FEATURES 0x0b

void hci_commands_reset(struct hci_controller *c)
{
	static const uint8_t mask[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0}; /* 7.3.1 */

	hci_table_drop_all(c);
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

static void complete(struct hci_controller *c, uint16_t opcode, const uint8_t *data, size_t size)
{
	uint8_t event[3 + 80] = {1, (uint8_t)opcode, (uint8_t)(opcode >> 8)};

	memcpy(event + 3, data, size);
	hci_event_send(c, HCI_EVENT_COMMAND_COMPLETE, event, 3 + size);
}

static void complete_status(struct hci_controller *c, uint16_t opcode, enum hci_status status)
{
	complete(c, opcode, &(uint8_t){(uint8_t)status}, 1);
}

static void command_status(struct hci_controller *c, uint16_t opcode, enum hci_status status)
{
	uint8_t event[] = {(uint8_t)status, 1, (uint8_t)opcode, (uint8_t)(opcode >> 8)};

	hci_event_send(c, HCI_EVENT_COMMAND_STATUS, event, sizeof(event));
}

/* For the link whose handle data starts with, at its next connection event. */
static void order_procedure(struct hci_controller *c, uint16_t opcode, const uint8_t *data,
	enum hci_procedure procedure)
{
	struct hci_link *link = hci_table_find(c, hci_get_le16(data));

	command_status(c, opcode, link ? HCI_SUCCESS : HCI_UNKNOWN_CONNECTION);
	if (link)
		link->procedures |= procedure;
}

static void disconnect(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	order_procedure(c, opcode, data, HCI_PROCEDURE_DISCONNECT);
}

static void set_event_mask(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	memcpy(c->event_mask, data, sizeof(c->event_mask));
	complete_status(c, opcode, HCI_SUCCESS);
}

static void reset(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	hci_commands_reset(c);
	complete_status(c, opcode, HCI_SUCCESS);
}

static void read_local_version(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	uint8_t answer[9] = {0, HCI_VERSION_5_0, 0, 0, HCI_VERSION_5_0};

	hci_put_le16(answer + 5, HCI_COMPANY);
	complete(c, opcode, answer, sizeof(answer));
}

/* Octets and bits of Vol 4 Part E 6.27: only the commands of this table, because a host uses
 * whatever is claimed.
 */
static void read_local_commands(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	uint8_t answer[1 + 64] = {0};
	uint8_t *octet = answer + 1;

	octet[0] = 0x20;  /* Disconnect */
	octet[5] = 0xc0;  /* Set Event Mask, Reset */
	octet[14] = 0x38; /* Read Local Version, Commands, Features */
	octet[15] = 0x02; /* Read BD_ADDR */
	octet[25] = 0x57; /* LE event mask, buffer size, features, random address, TX power */
	octet[26] = 0xfc; /* scan parameters, enable, create, cancel, accept list size, clear */
	octet[27] = 0x27; /* accept list add, remove, connection update, remote features */
	octet[28] = 0x09; /* start encryption, supported states */
	complete(c, opcode, answer, sizeof(answer));
}

static void read_local_features(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	/* Vol 2 Part C 3.3: BR/EDR not supported, LE supported. */
	complete(c, opcode, (const uint8_t[]){0, 0, 0, 0, 0, 0x60, 0, 0, 0}, 9);
}

static void read_bd_addr(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	uint8_t answer[7] = {0};

	memcpy(answer + 1, c->options.address.b, 6);
	complete(c, opcode, answer, sizeof(answer));
}

static void le_set_event_mask(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	memcpy(c->le_event_mask, data, sizeof(c->le_event_mask));
	complete_status(c, opcode, HCI_SUCCESS);
}

static void le_read_buffer_size(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	uint8_t answer[4] = {0, HCI_ACL_SIZE, 0, (uint8_t)c->options.acl_packets};

	complete(c, opcode, answer, sizeof(answer));
}

static void le_read_local_features(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	complete(c, opcode, (const uint8_t[]){0, HCI_LE_FEATURES, 0, 0, 0, 0, 0, 0, 0}, 9);
}

static void le_set_random_address(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	memcpy(c->random_address.b, data, 6);
	complete_status(c, opcode, HCI_SUCCESS);
}

static void le_read_tx_power(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	complete(c, opcode, (const uint8_t[]){0, 0}, 2);
}

static void le_set_scan_parameters(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	unsigned interval = hci_get_le16(data + 1), window = hci_get_le16(data + 3);

	if (c->is_scanning) {
		complete_status(c, opcode, HCI_COMMAND_DISALLOWED);
		return;
	}
	if (data[0] > 1 || window == 0 || window > interval || data[6] > 3) {
		complete_status(c, opcode, HCI_INVALID_PARAMETERS);
		return;
	}
	c->is_active_scan = data[0] == 1;
	c->scan_share = (uint8_t)(window * 255 / interval);
	c->has_scan_accept_list = data[6] & 1;
	complete_status(c, opcode, HCI_SUCCESS);
}

static void forget_reports(struct hci_controller *c)
{
	for (unsigned i = 0; i < c->options.n_peers; i++)
		c->advertiser[i].is_reported = false;
}

static void le_set_scan_enable(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	c->has_filter_duplicates = data[1] != 0;
	if (data[0] && !c->is_scanning)
		forget_reports(c);
	c->is_scanning = data[0] != 0;
	complete_status(c, opcode, HCI_SUCCESS);
}

static void le_create_connection(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	unsigned low = hci_get_le16(data + 13), high = hci_get_le16(data + 15);
	unsigned latency = hci_get_le16(data + 17), supervision = hci_get_le16(data + 19);

	if (c->is_initiating) {
		command_status(c, opcode, HCI_COMMAND_DISALLOWED);
		return;
	}
	if (low < 6 || high < low || high > 3200 || supervision < 10 ||
		(1 + latency) * high * 2 * 125 > supervision * 1000) {
		command_status(c, opcode, HCI_INVALID_PARAMETERS);
		return;
	}
	c->is_initiating = true;
	c->has_connect_accept_list = data[4] == 1;
	c->target.type = data[5] & 1;
	memcpy(c->target.b, data + 6, 6);
	c->has_random_own = data[12] & 1;
	c->connect_interval = high;
	c->connect_latency = latency;
	c->connect_supervision = supervision;
	command_status(c, opcode, HCI_SUCCESS);
}

static void le_create_cancel(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	complete_status(c, opcode, c->is_initiating ? HCI_SUCCESS : HCI_COMMAND_DISALLOWED);
	if (c->is_initiating)
		hci_radio_fail_connection(c, HCI_UNKNOWN_CONNECTION);
}

static void le_accept_list_size(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	complete(c, opcode, (const uint8_t[]){0, HCI_ACCEPT_LIST_SIZE}, 2);
}

static void le_clear_accept_list(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	c->n_accept = 0;
	complete_status(c, opcode, HCI_SUCCESS);
}

static void le_change_accept_list(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	struct hci_address address = {.type = data[0]};
	unsigned i;

	memcpy(address.b, data + 1, 6);
	for (i = 0; i < c->n_accept && !hci_address_is_equal(&c->accept[i], &address); i++)
		;
	if (opcode == HCI_LE_ADD_TO_ACCEPT_LIST) {
		if (i == HCI_ACCEPT_LIST_SIZE) {
			complete_status(c, opcode, HCI_MEMORY_EXCEEDED);
			return;
		}
		c->accept[i] = address;
		c->n_accept += i == c->n_accept;
	} else if (i < c->n_accept) {
		c->accept[i] = c->accept[--c->n_accept];
	}
	complete_status(c, opcode, HCI_SUCCESS);
}

static void le_connection_update(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	struct hci_link *link = hci_table_find(c, hci_get_le16(data));

	command_status(c, opcode, link ? HCI_SUCCESS : HCI_UNKNOWN_CONNECTION);
	if (!link)
		return;
	link->new_interval = hci_get_le16(data + 4);
	link->new_latency = hci_get_le16(data + 6);
	link->new_supervision = hci_get_le16(data + 8);
	if (link->new_interval >= 6)
		link->procedures |= HCI_PROCEDURE_UPDATE;
}

static void le_read_remote_features(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	order_procedure(c, opcode, data, HCI_PROCEDURE_FEATURES);
}

static void le_start_encryption(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	struct hci_link *link = hci_table_find(c, hci_get_le16(data));

	command_status(c, opcode, link ? HCI_SUCCESS : HCI_UNKNOWN_CONNECTION);
	if (!link)
		return;
	memcpy(link->key, data + 12, sizeof(link->key));
	link->procedures |= HCI_PROCEDURE_ENCRYPT;
}

static void le_supported_states(struct hci_controller *c, uint16_t opcode, const uint8_t *data)
{
	/* Scanning and initiating, with or without links as central (Vol 4 Part E 7.8.27). */
	complete(c, opcode, (const uint8_t[]){0, 0x70, 0, 0xc0, 0x13, 0, 0, 0, 0}, 9);
}

static const struct {
	uint16_t opcode;
	uint8_t size; /* of its parameters */
	void (*run)(struct hci_controller *c, uint16_t opcode, const uint8_t *data);
} commands[] = {
	{HCI_DISCONNECT, 3, disconnect},
	{HCI_SET_EVENT_MASK, 8, set_event_mask},
	{HCI_RESET, 0, reset},
	{HCI_READ_LOCAL_VERSION, 0, read_local_version},
	{HCI_READ_LOCAL_COMMANDS, 0, read_local_commands},
	{HCI_READ_LOCAL_FEATURES, 0, read_local_features},
	{HCI_READ_BD_ADDR, 0, read_bd_addr},
	{HCI_LE_SET_EVENT_MASK, 8, le_set_event_mask},
	{HCI_LE_READ_BUFFER_SIZE, 0, le_read_buffer_size},
	{HCI_LE_READ_LOCAL_FEATURES, 0, le_read_local_features},
	{HCI_LE_SET_RANDOM_ADDRESS, 6, le_set_random_address},
	{HCI_LE_READ_ADVERT_TX_POWER, 0, le_read_tx_power},
	{HCI_LE_SET_SCAN_PARAMETERS, 7, le_set_scan_parameters},
	{HCI_LE_SET_SCAN_ENABLE, 2, le_set_scan_enable},
	{HCI_LE_CREATE_CONNECTION, 25, le_create_connection},
	{HCI_LE_CREATE_CONNECTION_CANCEL, 0, le_create_cancel},
	{HCI_LE_READ_ACCEPT_LIST_SIZE, 0, le_accept_list_size},
	{HCI_LE_CLEAR_ACCEPT_LIST, 0, le_clear_accept_list},
	{HCI_LE_ADD_TO_ACCEPT_LIST, 7, le_change_accept_list},
	{HCI_LE_REMOVE_FROM_ACCEPT_LIST, 7, le_change_accept_list},
	{HCI_LE_CONNECTION_UPDATE, 14, le_connection_update},
	{HCI_LE_READ_REMOTE_FEATURES, 2, le_read_remote_features},
	{HCI_LE_START_ENCRYPTION, 28, le_start_encryption},
	{HCI_LE_READ_SUPPORTED_STATES, 0, le_supported_states},
};

void hci_commands_run(struct hci_controller *c, uint16_t opcode, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (commands[i].opcode != opcode)
			continue;
		if (commands[i].size == size)
			commands[i].run(c, opcode, data);
		else
			command_status(c, opcode, HCI_INVALID_PARAMETERS);
		return;
	}
	c->unknown = opcode;
	command_status(c, opcode, HCI_UNKNOWN_COMMAND);
}
