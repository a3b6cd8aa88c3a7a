// SPDX-License-Identifier: MIT
#pragma once
/* What `systemctl status` shows, and what the watchdog checks. */
#include "daemon/main/manager-private.h"

void manager_status_report(const struct manager *m);
/* Counts connections; other kinds pass. */
void manager_status_count(struct manager *m, enum capture_kind kind);
/* Without these checks passing, systemd's watchdog is not fed. */
void manager_status_watch(struct manager *m);
/* gateway_ops.flooded */
void manager_status_flooded(void *user, const char *subject, const char *text);
