// SPDX-License-Identifier: MIT
#pragma once
/* A wearable's side of pairing (Core Vol 3 Part H): the responder of LE Secure Connections, Just
 * Works or with a passkey, bonding. PDUs in, PDUs out; it owns the pairing in progress and the bonds,
 * one for each of the last four centrals. Legacy pairing is refused with the reason.
 *
 *   central   Request       Public Key                  Random          DHKey Check
 *   wearable          Response         Public Key, Confirm      Random              DHKey Check
 *
 * With a passkey the central, too, sends a Confirm, before the wearable does, and both show in 20
 * rounds of Confirm and Random that they have the same bit.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gym/hci.h"

#define SMP_PDU_MAX 65

/* What it pairs by; a central that cannot is refused. */
enum smp_demand { SMP_DEMAND_NOTHING, SMP_DEMAND_SHOWN, SMP_DEMAND_ENTERED };

struct smp;

struct smp *smp_new(const struct hci_address *own);
struct smp *smp_free(struct smp *smp);

void smp_connected(struct smp *smp, const struct hci_address *central);
/* One PDU of the central. The answers are then taken one by one. */
void smp_received(struct smp *smp, const uint8_t *pdu, size_t size);
size_t smp_take(struct smp *smp, uint8_t ret[SMP_PDU_MAX]);

/* From the next pairing on. It shows this passkey; where it is entered, the central chooses it. */
void smp_set_demand(struct smp *smp, enum smp_demand demand, uint32_t passkey);
/* A person enters the passkey at it. False: it does not wait for one. */
bool smp_enter(struct smp *smp, uint32_t passkey);

/* The long term key for the central of this link, least significant byte first as in HCI. */
bool smp_get_key(const struct smp *smp, uint8_t ret[16]);
void smp_forget(struct smp *smp);
/* As if there were no bond, until it is shown again. */
void smp_hide(struct smp *smp, bool is_hidden);
