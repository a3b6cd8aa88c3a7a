// SPDX-License-Identifier: MIT
#pragma once
/* What makes events unique: the name of the run, which their ids begin with, and sequence numbers.
 * outbox.db knows the last number; if that file is lost, the history knows up to which they may have
 * been used. While the disk fails neither knows: then the mark does, as long as the machine runs.
 */
#include "daemon/main/manager-private.h"

/* m->run, at random. */
void manager_numbers_make_run(struct manager *m);
/* The number of this run's first event. */
uint64_t manager_numbers_first(struct manager *m);
/* Before a message with this number is handed on; 0: it is no event. */
void manager_numbers_use(struct manager *m, uint64_t seq);
/* What was handed on may be sent although no disk has it. */
void manager_numbers_unsafe(struct manager *m);
