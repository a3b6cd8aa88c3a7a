// SPDX-License-Identifier: MIT
#pragma once
/* The attribute server of one wearable (Core Vol 3 Part F and G): requests in, answers out, and the
 * notifications and indications that its device wants to send, one indication at a time. Bytes and
 * times only; it owns the table and the subscriptions, which end with the link. Values are read
 * from the device on request, so nothing is kept twice.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/device.h"

#define ATT_MTU_DEFAULT 23
#define ATT_MTU_OWN     247 /* what a wearable supports (wearable-profile.md) */
#define ATT_PDU_MAX     ATT_MTU_OWN

struct att_server;

/* Borrows the device, which must outlive it. */
struct att_server *att_server_new(struct device *device);
struct att_server *att_server_free(struct att_server *server);

void att_server_connected(struct att_server *server, int64_t t_us);
void att_server_disconnected(struct att_server *server, int64_t t_us);
/* has_bond decides which of two errors an unencrypted access gets (Vol 3 Part C 10.3.1). */
void att_server_set_bond(struct att_server *server, bool has_bond);
/* Lets everybody read and subscribe in the clear. */
void att_server_set_open(struct att_server *server, bool is_open);
void att_server_set_encrypted(struct att_server *server, bool is_encrypted);
/* One PDU of the central. Returns the length of the answer; 0: there is none. */
size_t att_server_received(struct att_server *server, int64_t t_us, const uint8_t *pdu, size_t size,
	uint8_t answer[ATT_PDU_MAX]);
/* The next notification or indication that is due; 0: none. */
size_t att_server_transmit(struct att_server *server, int64_t t_us, uint8_t pdu[ATT_PDU_MAX]);

unsigned att_server_mtu(const struct att_server *server);
/* Number of the device's characteristics that are subscribed to now. */
unsigned att_server_subscriptions(const struct att_server *server);
