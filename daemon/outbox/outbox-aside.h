// SPDX-License-Identifier: MIT
#pragma once
/* Among what is held: the entries that are set aside. They return one by one, each when it is asked
 * for and its time has come.
 */
#include "daemon/outbox/outbox-queue.h"

/* The one to be tried next, or NULL: first what never ended a connection, then the highest class,
 * then what was tried least. */
struct outbox_entry *outbox_aside_best(const struct outbox_queue *held, int64_t now_us);
/* When the first of them may be tried; T_NEVER: there is none. */
int64_t outbox_aside_until_us(const struct outbox_queue *held);
/* All of them may be tried from now on. */
void outbox_aside_recall(struct outbox_queue *held, int64_t now_us);
size_t outbox_aside_n(const struct outbox_queue *held);
