// SPDX-License-Identifier: MIT
#pragma once
/* What `systemctl status` shows, and what the watchdog checks. */
#include "coxad/config/conf-merge.h"
#include "daemon/main/manager-private.h"

void manager_status_report(const struct manager *m);
/* Counts connections; other kinds pass. */
void manager_status_count(struct manager *m, const struct capture_event *event);
/* The configuration changed. */
void manager_status_follow(struct manager *m, const struct conf_change *change);
/* Without these checks passing, systemd's watchdog is not fed. */
void manager_status_watch(struct manager *m);
/* gateway_ops.flooded */
void manager_status_flooded(void *user, const char *subject, const char *text);
