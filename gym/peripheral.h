// SPDX-License-Identifier: MIT
#pragma once
/* One wearable as a link sees it: L2CAP's fixed channels (attributes, signalling, pairing) in front
 * of a device. Whole L2CAP frames in, whole frames out at a connection event. Its answers wait in a
 * short queue; only then is the device asked what it wants to send. It owns the attribute server
 * and the bond; it borrows the device. No I/O, no clock.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/device.h"
#include "gym/hci-controller.h"
#include "gym/hci.h"
#include "gym/smp.h"

struct peripheral;

struct peripheral *peripheral_new(struct device *device);
struct peripheral *peripheral_free(struct peripheral *p);

struct device *peripheral_device(const struct peripheral *p);
void peripheral_address(const struct peripheral *p, struct hci_address *ret);
void peripheral_connected(
	struct peripheral *p, int64_t t_us, const struct hci_address *central, int64_t interval_us);
void peripheral_disconnected(struct peripheral *p, int64_t t_us);
void peripheral_received(struct peripheral *p, int64_t t_us, const uint8_t *frame, size_t size);
/* The next frame to send; 0: none. */
size_t peripheral_transmit(struct peripheral *p, int64_t t_us, uint8_t frame[HCI_FRAME_MAX]);
bool peripheral_key(const struct peripheral *p, uint8_t ret[16]);
void peripheral_encrypted(struct peripheral *p, int64_t t_us);
/* Forgets the bond, as a factory reset does. */
void peripheral_forget(struct peripheral *p);
/* As smp_set_demand. */
void peripheral_set_demand(struct peripheral *p, enum smp_demand demand, uint32_t passkey);
/* As smp_enter. */
bool peripheral_enter(struct peripheral *p, uint32_t passkey);
/* Plays another device with its address: without its key, open to everybody. Or itself again. */
void peripheral_imitate(struct peripheral *p, bool is_other);
/* It answers nothing and sends nothing, though its link stays. */
void peripheral_set_mute(struct peripheral *p, bool is_mute);

bool peripheral_is_encrypted(const struct peripheral *p);
unsigned peripheral_mtu(const struct peripheral *p);
/* Number of the device's characteristics that are subscribed to now. */
unsigned peripheral_subscriptions(const struct peripheral *p);
