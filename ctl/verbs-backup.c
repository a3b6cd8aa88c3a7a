// SPDX-License-Identifier: MIT
#include "ctl/verbs-backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "ctl/backup-place.h"
#include "ctl/backup-write.h"
#include "ctl/client.h"
#include "ctl/out.h"
#include "ctl/state-lock.h"

/* coxad has to wait for its disk first. */
#define PATIENCE_US (60 * US_PER_S)

static int64_t wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

/* --- configuration and bonds --- */

static void add_configuration(struct backup_write *w, const struct backup_place *place)
{
	_auto_free_ char *folder = alloc_printf("%s.d", place->config);
	DIR *dir = opendir(folder);
	struct dirent *entry;

	backup_write_file(w, "etc/coxad.conf", place->config);
	while (dir && (entry = readdir(dir))) {
		_auto_free_ char *path = alloc_printf("%s/%s", folder, entry->d_name);
		_auto_free_ char *name = alloc_printf("etc/coxad.conf.d/%s", entry->d_name);

		if (backup_manifest_limit(name))
			backup_write_file(w, name, path);
	}
	if (dir)
		closedir(dir);
}

/* The keys of wearables of the configuration, and of no other device. */
static void add_bonds_of(
	struct backup_write *w, const struct backup_place *place, const char *adapter)
{
	const char *address;
	json_t *wearable;

	json_object_foreach(place->wearables, address, wearable)
	{
		_auto_free_ char *path =
			alloc_printf("%s/%s/%s/info", place->bluetooth, adapter, address);
		_auto_free_ char *name = alloc_printf("bluetooth/%s/%s/info", adapter, address);

		backup_write_file(w, name, path);
	}
}

static void add_bonds(struct backup_write *w, const struct backup_place *place)
{
	DIR *dir = opendir(place->bluetooth);
	char address[ADDRESS_SIZE];
	struct dirent *entry;

	if (!dir && errno != ENOENT && !w->why)
		w->why = alloc_printf(
			"%s: %s; a backup needs root (sudo)", place->bluetooth, strerror(errno));
	while (dir && (entry = readdir(dir)))
		if (address_from_string(entry->d_name, address) == 0)
			add_bonds_of(w, place, address);
	if (dir)
		closedir(dir);
}

/* --- databases --- */

static void add_stream(struct backup_write *w, sd_bus_message *reply)
{
	const char *name;
	uint64_t bytes;
	int fd, r = sd_bus_message_read(reply, "h", &fd);

	if (r >= 0)
		r = sd_bus_message_enter_container(reply, 'a', "(st)");
	while (r >= 0 && (r = sd_bus_message_read(reply, "(st)", &name, &bytes)) > 0) {
		_auto_free_ char *member = alloc_printf("state/%s", name);

		if (!backup_write_stream(w, member, fd, (int64_t)bytes))
			return;
	}
	if (r < 0 && !w->why)
		w->why = alloc_text("cannot read coxad's answer: is it of another version?");
}

/* coxad does not run. */
static void add_files(struct backup_write *w, const struct backup_place *place)
{
	static const char *const names[] = {"history.db", "history.db-wal", "logbook.db",
		"logbook.db-wal", "outbox.db", "outbox.db-wal"};
	int r = state_lock_take(place->state);

	if (r < 0) {
		w->why = alloc_printf("%s: %s", place->state,
			r == -EBUSY ? "a coxad uses it that is not on the system bus; stop it first"
				    : strerror(-r));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		_auto_free_ char *path = alloc_printf("%s/%s", place->state, names[i]);
		_auto_free_ char *member = alloc_printf("state/%s", names[i]);

		backup_write_file(w, member, path);
	}
}

static bool is_running(struct ctl *ctl)
{
	sd_bus_message *reply = NULL;
	int is_owned = false;

	if (!ctl->bus && sd_bus_open_system(&ctl->bus) < 0)
		return false;
	if (sd_bus_call_method(ctl->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
		    "org.freedesktop.DBus", "NameHasOwner", NULL, &reply, "s", CLIENT_SERVICE) >= 0)
		sd_bus_message_read(reply, "b", &is_owned);
	sd_bus_message_unref(reply);
	return is_owned;
}

/* An exit status. */
static int add_state(struct ctl *ctl, struct backup_write *w, const struct backup_place *place)
{
	struct client_call call = {CLIENT_ADMIN, "Backup", PATIENCE_US};
	sd_bus_message *reply = NULL;
	int status = CTL_OK;

	if (is_running(ctl)) {
		status = client_run(ctl, &call, &reply, "");
		if (status == CTL_OK)
			add_stream(w, reply);
		sd_bus_message_unref(reply);
	} else
		add_files(w, place);
	return status;
}

/* --- the verb --- */

static int write_all(struct ctl *ctl, const struct backup_place *place, int fd)
{
	_auto_free_ char *why = NULL;
	struct backup_write w;
	int status;

	backup_write_begin(&w, fd, wall_us());
	add_configuration(&w, place);
	add_bonds(&w, place);
	status = add_state(ctl, &w, place);
	why = backup_write_end(&w);
	if (why && status == CTL_OK)
		out_message("no backup was made: %s", why);
	if (status == CTL_OK && !why && fsync(fd) < 0) {
		out_message("no backup was made: %s", strerror(errno));
		return CTL_FAILED;
	}
	return why ? CTL_FAILED : status;
}

int verbs_backup_run(struct ctl *ctl, int argc, char **argv)
{
	_auto_free_ char *errors = NULL;
	struct backup_place place;
	int fd, status;

	fd = open(argv[1], O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		out_message("%s: %s", argv[1], strerror(errno));
		return CTL_FAILED;
	}
	/* A configuration with errors is worth a backup too. */
	backup_place_find(&place, ctl->config, &errors);
	status = write_all(ctl, &place, fd);
	if (status != CTL_OK)
		unlink(argv[1]);
	else if (!ctl->is_json)
		printf("%s has all that coxad keeps, health data and keys too: treat it so. Files that the "
		       "configuration names, as of passwords and certificates, are not in it.\n",
			argv[1]);
	close(fd);
	backup_place_done(&place);
	return status;
}
