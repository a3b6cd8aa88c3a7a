// SPDX-License-Identifier: MIT
#pragma once
/* What the journal and the trace say of one wearable's link; in the journal with its name, address,
 * driver and state as fields, and not too often. Embedded. */
#include <dbus/dbus.h>

#include "coxad/flow/link.h"
#include "coxad/loop/journal.h"

struct bluez_context;

struct bluez_journal {
	const struct bluez_context *context;
	unsigned wearable;
	struct journal_limit limit;
	enum wearable_problem problem; /* as last told */
};

void bluez_journal_state(
	struct bluez_journal *journal, const struct link *link, enum link_state before);
void bluez_journal_error(struct bluez_journal *journal, const struct link *link,
	enum link_action_kind action, DBusMessage *reply);
/* It is about to be removed from bluetoothd, with its bond and its cache. */
/* A problem that only a person can mend begins, with what to do, or ends: tells the journal and
 * the source's owner, once. */
void bluez_journal_problem(struct bluez_journal *journal, const struct link *link);
void bluez_journal_forget(struct bluez_journal *journal, const struct link *link);
