// SPDX-License-Identifier: MIT
#pragma once
/* Messages to the service manager (sd_notify(3)). Without NOTIFY_SOCKET they do nothing. */
#include <stdint.h>

void notify_ready(void);
/* One line for `systemctl status`. */
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A reload begins; notify_ready ends it. For Type=notify and Type=notify-reload. */
void notify_reloading(void);
void notify_stopping(void);
void notify_watchdog(void);
/* The watchdog's period; 0: the manager wants none. */
uint64_t notify_watchdog_us(void);
