// SPDX-License-Identifier: MIT
#pragma once
/* A wearable's side of pairing (Core Vol 3 Part H): the responder of LE Secure Connections, Just
 * Works, bonding. PDUs in, PDUs out; it owns the pairing in progress and the bonds, one for
 * each of the last four centrals. Legacy pairing and passkeys are refused with the reason.
 *
 *   central   Request       Public Key                  Random          DHKey Check
 *   wearable          Response         Public Key, Confirm      Random              DHKey Check
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/hci.h"

#define SMP_PDU_MAX 65

struct smp;

struct smp *smp_new(const struct hci_address *own);
struct smp *smp_free(struct smp *smp);

void smp_connected(struct smp *smp, const struct hci_address *central);
/* One PDU of the central. The answers are then taken one by one. */
void smp_received(struct smp *smp, const uint8_t *pdu, size_t size);
size_t smp_take(struct smp *smp, uint8_t ret[SMP_PDU_MAX]);

/* The long term key for the central of this link, least significant byte first as in HCI. */
bool smp_get_key(const struct smp *smp, uint8_t ret[16]);
void smp_forget(struct smp *smp);
/* As if there were no bond, until it is shown again. */
void smp_hide(struct smp *smp, bool is_hidden);
