// SPDX-License-Identifier: MIT
#include "ctl/doctor-machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "coxad/base/alloc.h"
#include "ctl/backup-place.h"
#include "ctl/program.h"

/* Below, what is written tomorrow may find no space: an outbox of events that are held back, the journal. */
#define DISK_SHARE 0.05

/* --- the unit --- */

struct unit {
	const char *active, *status, *result, *restarts, *drop_ins;
};

/* The settings of coxad.service that are its sandbox, as they begin. */
static const char *const sandbox[] = {"Protect", "Private", "Restrict", "SystemCall",
	"NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities", "DevicePolicy",
	"MemoryDenyWriteExecute", "User=", "LockPersonality", "RemoveIPC", "UMask", "KeyringMode",
	"ReadWritePaths"};

static bool is_of_sandbox(const char *line)
{
	for (size_t i = 0; i < ARRAY_LEN(sandbox); i++)
		if (strncmp(line, sandbox[i], strlen(sandbox[i])) == 0)
			return true;
	return false;
}

static void look_at_drop_in(struct doctor *d, const char *path)
{
	char line[256];
	FILE *file = fopen(path, "re");
	bool is_found = false;

	while (file && !is_found && fgets(line, sizeof(line), file))
		is_found = is_of_sandbox(line);
	if (file)
		fclose(file);
	if (is_found)
		doctor_note(d, DOCTOR_WARNING, "sandbox_overridden", "coxad.service",
			"%s changes the sandbox that coxad is shipped with: see whether it is still needed.",
			path);
}

/* False: it did not do as it should. */
static bool look_at_unit(struct doctor *d, const struct unit *unit)
{
	if (strcmp(unit->status, "78") == 0)
		doctor_note(d, DOCTOR_FAILURE, "unit_config", "coxad.service",
			"The service has ended because of its configuration, and is not started again by "
			"itself: coxad --check-config says what is wrong, then systemctl restart coxad.");
	else if (strcmp(unit->active, "inactive") == 0 || strcmp(unit->active, "failed") == 0)
		doctor_note(d, DOCTOR_FAILURE, "unit_inactive", "coxad.service",
			"The service does not run: systemctl enable --now coxad; systemctl status coxad "
			"says how it ended.");
	else if (strcmp(unit->result, "watchdog") == 0 || atoi(unit->restarts) > 0)
		doctor_note(d, DOCTOR_WARNING, "unit_restarted", "coxad.service",
			"The service ended by itself and was started again (%s times): journalctl -u "
			"coxad says why.",
			unit->restarts);
	else
		return true;
	return false;
}

static void take_line(struct unit *unit, const char *line)
{
	const struct {
		const char *key, **ret;
	} known[] = {{"ActiveState=", &unit->active}, {"ExecMainStatus=", &unit->status},
		{"Result=", &unit->result}, {"NRestarts=", &unit->restarts},
		{"DropInPaths=", &unit->drop_ins}};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strncmp(line, known[i].key, strlen(known[i].key)) == 0)
			*known[i].ret = line + strlen(known[i].key);
}

bool doctor_machine_take_unit(struct doctor *d, char *text)
{
	struct unit unit = {"", "", "", "", ""};
	_auto_free_ char *drop_ins = NULL;
	bool is_well;
	char *line, *rest;

	while ((line = strsep(&text, "\n")))
		take_line(&unit, line);
	is_well = look_at_unit(d, &unit);
	rest = drop_ins = alloc_text(unit.drop_ins);
	while ((line = strsep(&rest, " ")))
		if (line[0])
			look_at_drop_in(d, line);
	return is_well;
}

static void take_error(struct doctor *d, const char *text)
{
	json_t *entry = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
	const char *said = json_string_value(json_object_get(entry, "MESSAGE"));
	const char *blame = json_string_value(json_object_get(entry, "COXAD_BLAME"));

	if (said)
		doctor_note(d, DOCTOR_WARNING, "unit_error", "coxad.service",
			"The last error of the service%s%s: %s", blame ? ", because of: " : "",
			blame ? blame : "", said);
	json_decref(entry);
}

/* Of its own processes, not what systemd says of it. Who may not read the journal is told nothing. */
static void look_at_error(struct doctor *d)
{
	static const char *const words[] = {"journalctl", "--quiet", "--no-pager", "--priority=err",
		"--lines=1", "--output=json", "_SYSTEMD_UNIT=coxad.service", NULL};
	_auto_free_ char *text = NULL;

	if (program_run(words, &text) == 0)
		take_error(d, text);
}

void doctor_machine_unit(struct doctor *d)
{
	static const char *const words[] = {"systemctl", "show", "coxad.service",
		"--property=LoadState,ActiveState,ExecMainStatus,Result,NRestarts,DropInPaths",
		NULL};
	_auto_free_ char *text = NULL;

	/* Where there is no systemd, or no such unit, there is nothing to tell. */
	if (program_run(words, &text) == 0 && strstr(text, "LoadState=loaded") &&
		!doctor_machine_take_unit(d, text))
		look_at_error(d);
}

void doctor_machine_bluez(struct doctor *d)
{
	static const char *const words[] = {
		"systemctl", "show", "bluetooth.service", "--property=LoadState,Restart", NULL};
	_auto_free_ char *text = NULL;

	if (program_run(words, &text) == 0 && strstr(text, "LoadState=loaded") &&
		strstr(text, "Restart=no\n"))
		doctor_note(d, DOCTOR_WARNING, "bluez_stays_away", "bluetooth.service",
			"BlueZ is not started again after a crash, so all wearables would stay away: sudo "
			"install -D -m 644 /usr/share/doc/coxad/examples/bluetooth-restart.conf "
			"/etc/systemd/system/bluetooth.service.d/restart.conf; sudo systemctl daemon-reload.");
}

/* --- the machine --- */

void doctor_machine_clock(struct doctor *d)
{
	static const char *const words[] = {
		"timedatectl", "show", "--property=NTPSynchronized", NULL};
	_auto_free_ char *text = NULL;

	if (program_run(words, &text) == 0 && strcmp(text, "NTPSynchronized=no\n") == 0)
		doctor_note(d, DOCTOR_WARNING, "clock_not_synchronised", "clock",
			"Nothing sets the clock of this machine, so the times of events may be wrong, and "
			"nothing that waits for the broker ever becomes too old: timedatectl set-ntp true, and "
			"let it reach a time server.");
}

/* Bits 1 to 3 of the firmware's answer are what is so now: frequency capped, throttled, soft temperature limit
 * (Raspberry Pi documentation, vcgencmd get_throttled); bit 0 is told by under_voltage. */
void doctor_machine_speed(struct doctor *d)
{
	_auto_free_ char *path =
		alloc_printf("%s/devices/platform/soc/soc:firmware/get_throttled", d->sysfs);
	FILE *file = fopen(path, "re");
	unsigned bits = 0;

	if (!file)
		return;
	if (fscanf(file, "%x", &bits) == 1 && bits & 0xe)
		doctor_note(d, DOCTOR_WARNING, "throttled", "raspberry-pi",
			"This Raspberry Pi is slowed down because it is hot or has too little power: give it "
			"air, a heat sink, and the power supply made for it.");
	fclose(file);
}

static void look_at_disk(struct doctor *d, const char *path, const struct statvfs *disk)
{
	if (disk->f_flag & ST_RDONLY)
		doctor_note(d, DOCTOR_FAILURE, "state_read_only", "state-directory",
			"%s is on a disk that cannot be written now: dmesg says why; an SD card may be worn "
			"out. coxactl backup saves what can be read.",
			path);
	else if ((double)disk->f_bavail < DISK_SHARE * (double)disk->f_blocks)
		doctor_note(d, DOCTOR_WARNING, "disk_nearly_full", "state-directory",
			"The disk of %s has less than %.0f %% left, and events that the broker has not got are "
			"kept there: make space (apt-get clean, journalctl --vacuum-size=100M).",
			path, DISK_SHARE * 100);
}

static void look_at_state(struct doctor *d, const char *path)
{
	struct statvfs disk;
	struct stat stat_;

	if (stat(path, &stat_) < 0)
		return; /* may not be looked at, or is not there yet */
	if (stat_.st_mode & 077)
		doctor_note(d, DOCTOR_WARNING, "state_not_private", "state-directory",
			"%s has health data, and others than coxad may look into it: chmod 700 %s.",
			path, path);
	if (statvfs(path, &disk) == 0)
		look_at_disk(d, path, &disk);
}

void doctor_machine_state(struct doctor *d)
{
	_auto_free_ char *errors = NULL;
	struct backup_place place;

	backup_place_find(&place, d->config, &errors);
	look_at_state(d, place.state);
	backup_place_done(&place);
}
