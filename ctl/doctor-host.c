// SPDX-License-Identifier: MIT
#include "ctl/doctor-host.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/out.h"
#include "ctl/program.h"

#define LINE_BYTES 64
/* Above are the bands of 5 and 6 GHz. */
#define WIFI_MHZ 3000

/* The first line of an attribute, without its end; "" where there is none. */
static const char *attribute(const char *directory, const char *name, char ret[static LINE_BYTES])
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, name);
	FILE *file = fopen(path, "re");

	if (!file || !fgets(ret, LINE_BYTES, file))
		ret[0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	if (file)
		fclose(file);
	return ret;
}

static bool is_attribute(const char *directory, const char *name, const char *wanted)
{
	char text[LINE_BYTES];

	return strcmp(attribute(directory, name, text), wanted) == 0;
}

static int set_attribute(const char *directory, const char *name, const char *value)
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, name);
	FILE *file = fopen(path, "r+e");
	int r = file && fputs(value, file) >= 0 ? 0 : -errno;

	/* sysfs refuses when the buffer is written out. */
	if (file && fclose(file) != 0)
		r = -errno;
	return r;
}

static void each(struct doctor *d, const char *pattern,
	void (*look)(struct doctor *doctor, const char *directory, const char *name))
{
	_auto_free_ char *full = alloc_printf("%s/%s", d->sysfs, pattern);
	glob_t found;

	if (glob(full, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			look(d, found.gl_pathv[i], strrchr(found.gl_pathv[i], '/') + 1);
		globfree(&found);
	}
}

static bool unblock(struct doctor *d, const char *directory, const char *name)
{
	int r = d->is_fixing ? set_attribute(directory, "soft", "0") : -EPERM;

	if (d->is_fixing && r < 0)
		out_message("%s cannot be switched on: %s", name, strerror(-r));
	else if (r >= 0)
		out_message("%s was switched on", name);
	return r >= 0;
}

/* Documentation/ABI/stable/sysfs-class-rfkill of Linux. */
static void look_at_rfkill(struct doctor *d, const char *directory, const char *name)
{
	if (!is_attribute(directory, "type", "bluetooth"))
		return;
	if (is_attribute(directory, "hard", "1"))
		doctor_note(d, DOCTOR_FAILURE, "bluetooth_blocked", name,
			"A switch or key of this machine keeps Bluetooth off: only that can switch it "
			"on; or use another adapter.");
	else if (is_attribute(directory, "soft", "1") && !unblock(d, directory, name))
		doctor_note(d, DOCTOR_FAILURE, "bluetooth_blocked", name,
			"A program has switched Bluetooth off: sudo coxactl --fix doctor, or rfkill "
			"unblock bluetooth.");
}

void doctor_host_rfkill(struct doctor *d)
{
	each(d, "class/rfkill/rfkill*", look_at_rfkill);
}

/* Documentation/hwmon/raspberrypi-hwmon.rst of Linux. */
static void look_at_voltage(struct doctor *d, const char *directory, const char *name)
{
	if (is_attribute(directory, "name", "rpi_volt") &&
		is_attribute(directory, "in0_lcrit_alarm", "1"))
		doctor_note(d, DOCTOR_WARNING, "under_voltage", name,
			"The power supply is too weak for this Raspberry Pi, which then slows down and "
			"loses what its radio receives: use the supply made for it, and a short cable.");
}

void doctor_host_voltage(struct doctor *d)
{
	each(d, "class/hwmon/hwmon*", look_at_voltage);
}

/* What hangs on a cable, as USB does, is no part of the machine's own radio chip. */
static bool is_built_in(const char *directory)
{
	char *path = realpath(directory, NULL);
	bool is_so = path && !strstr(path, "/usb");

	free(path);
	return is_so;
}

static bool has_built_in_bluetooth(const struct doctor *d)
{
	_auto_free_ char *pattern = alloc_printf("%s/class/bluetooth/hci*", d->sysfs);
	bool is_found = false;
	glob_t found;

	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			is_found |= is_built_in(found.gl_pathv[i]);
		globfree(&found);
	}
	return is_found;
}

/* "	channel 6 (2437 MHz), width: 20 MHz, ..." of iw(8). */
static void look_at_wifi(struct doctor *d, const char *directory, const char *name)
{
	const char *const words[] = {"iw", "dev", name, "info", NULL};
	_auto_free_ char *text = NULL;
	const char *at;
	unsigned channel, mhz;

	if (!is_built_in(directory) || program_run(words, &text) != 0)
		return;
	at = strstr(text, "channel ");
	if (at && sscanf(at, "channel %u (%u MHz)", &channel, &mhz) == 2 && mhz < WIFI_MHZ)
		doctor_note(d, DOCTOR_WARNING, "wifi_beside", name,
			"This Wi-Fi uses 2.4 GHz (channel %u), and the same antenna as the built-in "
			"Bluetooth, which then hears less: use Ethernet or 5 GHz, or a Bluetooth dongle on a "
			"cable.",
			channel);
}

void doctor_host_wifi(struct doctor *d)
{
	if (has_built_in_bluetooth(d))
		each(d, "class/net/*", look_at_wifi);
}
