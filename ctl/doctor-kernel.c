// SPDX-License-Identifier: MIT
#include "ctl/doctor-kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/units.h"

/* A longer record is refused by a short read: Documentation/ABI/testing/dev-kmsg of Linux. */
#define RECORD_BYTES 8192
/* What was longer ago may be mended. */
#define RECENT_US  (INT64_C(3600) * US_PER_S)
#define NAME_BYTES 16

/* "hci0" of "Bluetooth: hci0: ..."; false: it is about something else. */
static bool adapter_of(const char *text, char ret[static NAME_BYTES])
{
	static const char prefix[] = "Bluetooth: hci";
	size_t length;

	if (strncmp(text, prefix, sizeof(prefix) - 1) != 0)
		return false;
	text += strlen(prefix);
	length = strspn(text, "0123456789");
	if (!length || text[length] != ':' || length > NAME_BYTES - sizeof("hci"))
		return false;
	snprintf(ret, NAME_BYTES, "hci%.*s", (int)length, text);
	return true;
}

static bool is_known(const struct doctor *d, const char *code, const char *subject)
{
	json_t *problem;
	size_t i;

	json_array_foreach(d->problems, i, problem)
	{
		const char *other = json_string_value(json_object_get(problem, "code"));
		const char *name = json_string_value(json_object_get(problem, "subject"));

		if (other && name && strcmp(other, code) == 0 && strcmp(name, subject) == 0)
			return true;
	}
	return false;
}

/* The words of hci_cmd_timeout() of Linux, and those that the drivers btbcm, btrtl and btintel share. */
static void look_at(struct doctor *d, const char *text, int64_t ago_us)
{
	char name[NAME_BYTES];

	if (!adapter_of(text, name))
		return;
	if (strstr(text, "tx timeout") && ago_us < RECENT_US && !is_known(d, "adapter_hangs", name))
		doctor_note(d, DOCTOR_WARNING, "adapter_hangs", name,
			"In the last hour this adapter did not answer its driver: plug it in directly or "
			"into a hub with a supply of its own, update its firmware, or use another one.");
	if (strstr(text, "irmware") &&
		(strstr(text, "not found") || strstr(text, "ailed to load")) &&
		!is_known(d, "firmware_missing", name))
		doctor_note(d, DOCTOR_FAILURE, "firmware_missing", name,
			"This adapter needs firmware that is not installed: install that of its maker "
			"(bluez-firmware, firmware-brcm80211, firmware-realtek, firmware-iwlwifi), then "
			"restart the machine.");
}

/* "priority,number,microseconds,flags;text" */
static void take_line(struct doctor *d, const char *line, int64_t now_us)
{
	const char *text = strchr(line, ';'), *at = strchr(line, ',');
	int64_t at_us;

	at = at ? strchr(at + 1, ',') : NULL;
	if (!text || !at || at > text)
		return;
	at_us = strtoll(at + 1, NULL, 10);
	if (at_us >= 0)
		look_at(d, text + 1, now_us - at_us);
}

void doctor_kernel_take(struct doctor *d, char *text, int64_t now_us)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		take_line(d, line, now_us);
}

void doctor_kernel_check(struct doctor *d)
{
	char record[RECORD_BYTES + 1];
	int fd = open(d->kmsg, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct timespec now;
	ssize_t n;

	clock_gettime(CLOCK_MONOTONIC, &now);
	while (fd >= 0) {
		n = read(fd, record, RECORD_BYTES);
		if (n < 0 && errno == EPIPE)
			continue; /* some were overwritten meanwhile */
		if (n <= 0)
			break;
		record[n] = '\0';
		doctor_kernel_take(d, record, (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000);
	}
	if (fd >= 0)
		close(fd);
}
