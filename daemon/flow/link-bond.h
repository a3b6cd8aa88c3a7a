// SPDX-License-Identifier: MIT
#pragma once
/* The bond as the link sees it: whether one is there, and the suspicion that the other side no
 * longer has its half. bluetoothd names the cause only since 5.7x; so it is told from what happens:
 * encryption fails again and again. Only a person removes a bond: an impostor without the key fails
 * in the same way.
 */
#include "daemon/flow/link-private.h"

/* How much a failure says: a refused key and a quick disconnection more than the radio's faults. */
#define LINK_BOND_DOUBT_WEAK   1
#define LINK_BOND_DOUBT_STRONG 2

/* It is about to connect. bluetoothd may tell one failure twice, as an error and as a connection that
 * ended, so of each attempt only the gravest counts. */
void link_bond_attempt(struct link *link);
/* A failure while bonded. True: the bond counts as lost, to be tried slowly. */
bool link_bond_doubt(struct link *link, unsigned weight);
/* Data arrived over a connection that lasted. */
void link_bond_trust(struct link *link);
void link_bond_set(struct link *link, bool is_bonded);
/* To be paired before anything else. */
bool link_bond_must_pair(const struct link *link);
/* Nothing may be taken from it as it is. */
bool link_bond_forbids(const struct link *link);
/* A step that needs encryption failed, with this error. True: it cannot work until pairing is
 * allowed. */
bool link_bond_refuses(struct link *link, enum link_error error);
