// SPDX-License-Identifier: MIT
#pragma once
/* The part of the Host Controller Interface that a low-energy controller needs: packet types,
 * command codes, events, status codes, and reading and writing little-endian numbers. From the
 * Bluetooth Core Specification 5.3, Vol 4 Part E (commands 7.1, 7.3, 7.4, 7.8; events 7.7) and Part
 * A (H4).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HCI_PACKET_COMMAND 0x01
#define HCI_PACKET_ACL     0x02
#define HCI_PACKET_EVENT   0x04
#define HCI_PACKET_VENDOR  0xff /* of the hci_vhci module, never on a wire */

#define HCI_OPCODE(ogf, ocf) ((uint16_t)((ogf) << 10 | (ocf)))

#define HCI_DISCONNECT                  HCI_OPCODE(0x01, 0x0006)
#define HCI_SET_EVENT_MASK              HCI_OPCODE(0x03, 0x0001)
#define HCI_RESET                       HCI_OPCODE(0x03, 0x0003)
#define HCI_READ_LOCAL_VERSION          HCI_OPCODE(0x04, 0x0001)
#define HCI_READ_LOCAL_COMMANDS         HCI_OPCODE(0x04, 0x0002)
#define HCI_READ_LOCAL_FEATURES         HCI_OPCODE(0x04, 0x0003)
#define HCI_READ_BD_ADDR                HCI_OPCODE(0x04, 0x0009)
#define HCI_LE_SET_EVENT_MASK           HCI_OPCODE(0x08, 0x0001)
#define HCI_LE_READ_BUFFER_SIZE         HCI_OPCODE(0x08, 0x0002)
#define HCI_LE_READ_LOCAL_FEATURES      HCI_OPCODE(0x08, 0x0003)
#define HCI_LE_SET_RANDOM_ADDRESS       HCI_OPCODE(0x08, 0x0005)
#define HCI_LE_READ_ADVERT_TX_POWER     HCI_OPCODE(0x08, 0x0007)
#define HCI_LE_SET_SCAN_PARAMETERS      HCI_OPCODE(0x08, 0x000b)
#define HCI_LE_SET_SCAN_ENABLE          HCI_OPCODE(0x08, 0x000c)
#define HCI_LE_CREATE_CONNECTION        HCI_OPCODE(0x08, 0x000d)
#define HCI_LE_CREATE_CONNECTION_CANCEL HCI_OPCODE(0x08, 0x000e)
#define HCI_LE_READ_ACCEPT_LIST_SIZE    HCI_OPCODE(0x08, 0x000f)
#define HCI_LE_CLEAR_ACCEPT_LIST        HCI_OPCODE(0x08, 0x0010)
#define HCI_LE_ADD_TO_ACCEPT_LIST       HCI_OPCODE(0x08, 0x0011)
#define HCI_LE_REMOVE_FROM_ACCEPT_LIST  HCI_OPCODE(0x08, 0x0012)
#define HCI_LE_CONNECTION_UPDATE        HCI_OPCODE(0x08, 0x0013)
#define HCI_LE_READ_REMOTE_FEATURES     HCI_OPCODE(0x08, 0x0016)
#define HCI_LE_START_ENCRYPTION         HCI_OPCODE(0x08, 0x0019)
#define HCI_LE_READ_SUPPORTED_STATES    HCI_OPCODE(0x08, 0x001c)

enum hci_event {
	HCI_EVENT_DISCONNECTION_COMPLETE = 0x05,
	HCI_EVENT_ENCRYPTION_CHANGE = 0x08,
	HCI_EVENT_COMMAND_COMPLETE = 0x0e,
	HCI_EVENT_COMMAND_STATUS = 0x0f,
	HCI_EVENT_COMPLETED_PACKETS = 0x13,
	HCI_EVENT_KEY_REFRESH_COMPLETE = 0x30,
	HCI_EVENT_LE_META = 0x3e,
};

enum hci_le_event {
	HCI_LE_CONNECTION_COMPLETE = 0x01,
	HCI_LE_ADVERTISING_REPORT = 0x02,
	HCI_LE_UPDATE_COMPLETE = 0x03,
	HCI_LE_REMOTE_FEATURES_COMPLETE = 0x04,
};

enum hci_status { /* Vol 1 Part F */
	HCI_SUCCESS = 0x00,
	HCI_UNKNOWN_COMMAND = 0x01,
	HCI_UNKNOWN_CONNECTION = 0x02,
	HCI_KEY_MISSING = 0x06,
	HCI_MEMORY_EXCEEDED = 0x07,
	HCI_CONNECTION_TIMEOUT = 0x08,
	HCI_CONNECTION_LIMIT = 0x09,
	HCI_COMMAND_DISALLOWED = 0x0c,
	HCI_REFUSED_RESOURCES = 0x0d,
	HCI_INVALID_PARAMETERS = 0x12,
	HCI_REMOTE_ENDED = 0x13,
	HCI_LOCAL_ENDED = 0x16,
	HCI_MIC_FAILURE = 0x3d,
	HCI_ESTABLISHMENT_FAILED = 0x3e,
};

#define HCI_EVENT_MAX           (1 + 2 + 255)
#define HCI_ACL_SIZE            251 /* data in one ACL packet, LE Read Buffer Size */
#define HCI_ACL_MAX             (1 + 4 + HCI_ACL_SIZE)
#define HCI_ACL_START           0x0000 /* packet boundary flags, where the handle's nibble is */
#define HCI_ACL_MORE            0x1000
#define HCI_ACL_START_FLUSHABLE 0x2000

/* A device address as in packets: least significant byte first. */
struct hci_address {
	uint8_t b[6];
	uint8_t type; /* 0 public, 1 random */
};

static inline bool hci_address_is_equal(const struct hci_address *a, const struct hci_address *b)
{
	return a->type == b->type && memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

static inline void hci_put_le16(uint8_t *p, unsigned value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static inline unsigned hci_get_le16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}
