// SPDX-License-Identifier: MIT
#pragma once
/* The attribute server of one wearable (Core Vol 3 Part F and G): requests in, answers out, and the
 * notifications and indications that its device wants to send, one indication at a time. Bytes
 * and times only; it owns the table and the subscriptions, which end with the link. Values are
 * asked of the device when they are read, so nothing is kept twice.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/device.h"

#define ATT_MTU_DEFAULT 23
#define ATT_MTU_OWN     247 /* what a wearable takes (wearable-profile.md) */
#define ATT_PDU_MAX     ATT_MTU_OWN

enum att_error { /* Core Vol 3 Part F 3.4.1.1 */
	ATT_ERROR_INVALID_HANDLE = 0x01,
	ATT_ERROR_READ_NOT_PERMITTED = 0x02,
	ATT_ERROR_WRITE_NOT_PERMITTED = 0x03,
	ATT_ERROR_INVALID_PDU = 0x04,
	ATT_ERROR_AUTHENTICATION = 0x05,
	ATT_ERROR_NOT_SUPPORTED = 0x06,
	ATT_ERROR_INVALID_OFFSET = 0x07,
	ATT_ERROR_NOT_FOUND = 0x0a,
	ATT_ERROR_INVALID_LENGTH = 0x0d,
	ATT_ERROR_ENCRYPTION = 0x0f,
	ATT_ERROR_UNSUPPORTED_GROUP = 0x10,
};

struct att_server;

/* Borrows the device, which must live longer. */
struct att_server *att_server_new(struct device *device);
struct att_server *att_server_free(struct att_server *server);

void att_server_connected(struct att_server *server, int64_t t_us);
void att_server_disconnected(struct att_server *server, int64_t t_us);
/* `has_bond` decides which of the two errors an unencrypted access gets (Vol 3 Part C 10.3.1). */
void att_server_set_bond(struct att_server *server, bool has_bond);
void att_server_set_encrypted(struct att_server *server, bool is_encrypted);
/* One PDU of the central. Returns the length of the answer, 0 where none is due. */
size_t att_server_received(struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size,
	uint8_t answer[ATT_PDU_MAX]);
/* The next notification or indication due; 0 none. */
size_t att_server_transmit(struct att_server *server, int64_t t_us, uint8_t pdu[ATT_PDU_MAX]);

unsigned att_server_mtu(const struct att_server *server);
/* Characteristics of the device that are subscribed to now. */
unsigned att_server_subscriptions(const struct att_server *server);
