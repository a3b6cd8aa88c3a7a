// SPDX-License-Identifier: MIT
#pragma once
/* The sequence numbers of events: outbox.db knows the last one; if that file is lost, the history
 * knows up to which number they may have been used.
 */
#include "daemon/main/manager-private.h"

/* The number of this run's first event. */
uint64_t manager_numbers_first(struct manager *m);
/* Before an event with this number is handed on. */
void manager_numbers_use(struct manager *m, uint64_t seq);
