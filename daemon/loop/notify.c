// SPDX-License-Identifier: MIT
#include "coxad/loop/notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "coxad/loop/clock.h"

#define STATUS_BYTES 256

void notify_ready(void)
{
	sd_notify(0, "READY=1");
}

void notify_status(const char *format, ...)
{
	char text[STATUS_BYTES] = "STATUS=";
	size_t at = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + at, sizeof(text) - at, format, args);
	va_end(args);
	text[strcspn(text, "\n")] = '\0';
	sd_notify(0, text);
}

void notify_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_now_us());
}

void notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void notify_watchdog(void)
{
	sd_notify(0, "WATCHDOG=1");
}

uint64_t notify_watchdog_us(void)
{
	uint64_t period_us = 0;

	return sd_watchdog_enabled(0, &period_us) > 0 ? period_us : 0;
}
