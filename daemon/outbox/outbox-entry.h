// SPDX-License-Identifier: MIT
#pragma once
/* One entry of the outbox, whatever queue it is in. */
#include "coxad/outbox/outbox.h"

/* One block of memory: the entry, followed by payload, correlation, topic and id. */
struct outbox_entry *outbox_entry_new(const struct outbox_item *item);
/* Below OUTBOX_CLASSES. */
unsigned outbox_entry_class(const struct outbox_item *item);
/* What it counts towards max_bytes. */
size_t outbox_entry_bytes(const struct outbox_item *item);
/* T_NEVER: it has no expiry. */
int64_t outbox_entry_expires_us(const struct outbox_entry *entry);
/* What a topic was refused for does not change with its value; but a value that comes after one that
 * is aside may be better, and is tried. */
void outbox_entry_inherit(struct outbox_entry *entry, const struct outbox_entry *old);
