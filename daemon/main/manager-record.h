// SPDX-License-Identifier: MIT
#pragma once
/* --record: the recording of what comes in. */
#include "daemon/main/manager-private.h"

/* Opens it, if there is to be one. -errno, and the journal says why. */
int manager_record_open(struct manager *m);
/* Flushes it now and then, from here on. -errno. */
int manager_record_start(struct manager *m);
void manager_record_put(struct manager *m, const struct capture_event *event);
size_t manager_record_gauges(const struct manager *m, struct stat_entry *entries, size_t capacity);
/* A recording beside that of --record, from here on, with the connections that are there. Takes fd. One
 * at a time. -errno. */
int manager_record_begin(struct manager *m, int fd);
/* Who asked for it is told when its file is complete. May be called without one. */
void manager_record_end(struct manager *m);
/* Waits a little for what is not written yet. */
void manager_record_free(struct manager *m);
