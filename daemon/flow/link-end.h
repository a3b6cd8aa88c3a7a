// SPDX-License-Identifier: MIT
#pragma once
/* How an attempt or a connection ends, and what state follows. */
#include "daemon/flow/link-private.h"

/* Nothing is under way: HEARD while its adverts are recent, else ABSENT. */
void link_end_rest(struct link *link, int64_t now_us);
/* Asks for DISCONNECT and waits for it. */
void link_end_drain(struct link *link, int64_t now_us);
/* A failure: ends the epoch and drains; wait_us: how long to back off at least. */
void link_end_drop(struct link *link, int64_t now_us, int64_t wait_us, const char *reason);
void link_end_quarantine(struct link *link, int64_t now_us, const char *reason);
/* It may not be used as it is, nor paired. */
void link_end_unencrypted(struct link *link, int64_t now_us);
/* To remove a bond is how a person mends a lost one: it need not wait longer. */
void link_end_bond_changed(struct link *link, int64_t now_us, bool is_bonded);
/* A person asks for pairing: what is under way ends, and waits for nothing. */
void link_end_to_pair(struct link *link, int64_t now_us);
/* It would not be paired. */
void link_end_refused(struct link *link, int64_t now_us, bool was_asked_by_person);
/* The person does not ask any more. */
void link_end_pairing(struct link *link, int64_t now_us);
/* There is no connection any more, by itself or as asked. */
void link_end_lost(struct link *link, int64_t now_us, const char *reason);
/* DISCONNECT, or what the stop plan asks before it, was never answered: what the bus says later
 * counts. */
void link_end_unanswered(struct link *link, int64_t now_us);
/* Connected=false, or the wearable's object has gone; reason NULL: "lost". */
void link_end_disconnected(struct link *link, int64_t now_us, const char *reason);
/* bluetoothd has gone, and all that it knew. */
void link_end_bus_lost(struct link *link, int64_t now_us);
/* A refusal of CONNECT, while CONNECTING. */
void link_end_connect_failed(struct link *link, int64_t now_us, enum link_error error);
/* Disconnects for good, after the stop plan where it streams. */
void link_end_stop(struct link *link, int64_t now_us);
