// SPDX-License-Identifier: MIT
#include "ctl/restore-stage.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "ctl/program.h"

/* sysusers.d/coxad.conf */
#define SERVICE_USER "coxad"
#define DATE_SIZE    32

static const char *after(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

static char *complain(const char *path)
{
	return alloc_printf("%s: %s", path, strerror(errno));
}

/* --- what is in it --- */

static char *place_configuration(void *user, const char *name)
{
	struct restore_stage *s = user;
	const char *file = after(name, "etc/");

	return file ? alloc_printf("%s/%s", s->config, file) : NULL;
}

/* A bond in one folder for each, as BlueZ has it: ADAPTER DEVICE/info. */
static char *place_bond(struct restore_stage *s, const char *bond)
{
	_auto_free_ char *folder = alloc_printf("%s/%.*s %.*s", s->bluetooth, ADDRESS_SIZE - 1,
		bond, ADDRESS_SIZE - 1, bond + ADDRESS_SIZE);

	mkdir(folder, 0700);
	return alloc_printf("%s/info", folder);
}

static char *place_rest(void *user, const char *name)
{
	struct restore_stage *s = user;
	const char *file = after(name, "state/"), *bond = after(name, "bluetooth/");

	if (file)
		return alloc_printf("%s/%s", s->state, file);
	return bond ? place_bond(s, bond) : NULL;
}

static char *read_archive(
	struct restore_stage *s, backup_read_place_fn place, struct backup_read *ret)
{
	backup_read_run(ret, s->archive, place, s);
	return ret->why ? alloc_printf("%s: %s", s->archive, ret->why) : NULL;
}

static char *make_folder(struct restore_stage *s, const char *path, mode_t mode)
{
	/* Of a run that was interrupted before anything had changed. */
	restore_plan_remove(path);
	if (mkdir(path, mode) < 0)
		return complain(path);
	restore_plan_folder(&s->plan, path);
	return NULL;
}

/* --- configuration --- */

static char *stage_configuration(struct restore_stage *s, struct backup_read *read)
{
	_auto_free_ char *drop_ins = alloc_printf("%s/coxad.conf.d", s->config);
	_auto_free_ char *file = alloc_printf("%s/coxad.conf", s->config);
	_auto_free_ char *errors = NULL;
	char *why = mkdir(s->plan.folder, 0755) < 0 ? complain(s->plan.folder) : NULL;

	if (!why && (mkdir(s->config, 0755) < 0 || mkdir(drop_ins, 0755) < 0))
		why = complain(s->config);
	if (!why)
		why = read_archive(s, place_configuration, read);
	if (why)
		return why;
	switch (backup_place_find(&s->there, file, &errors)) {
	case 0:
		return NULL;
	case -ENOENT:
		return alloc_printf(
			"coxad itself is missing, so nothing was looked at: install it first");
	default:
		return alloc_printf("its configuration is not one for this coxad:\n%s", errors);
	}
}

static int chmod_configuration(struct restore_stage *s, const json_t *files)
{
	const struct group *group = getgrnam(SERVICE_USER);
	const char *name;
	json_t *file;

	json_object_foreach((json_t *)files, name, file)
	{
		_auto_free_ char *path = place_configuration(s, name);

		/* Athletes' names are for coxad, and for nobody else, where there is such a group. */
		if (path && group && geteuid() == 0 && lchown(path, 0, group->gr_gid) < 0)
			return -errno;
		if (path && chmod(path, group ? 0640 : 0644) < 0)
			return -errno;
	}
	return 0;
}

static void move_configuration(struct restore_stage *s, const char *date)
{
	_auto_free_ char *file = alloc_printf("%s/coxad.conf", s->config);
	_auto_free_ char *drop_ins = alloc_printf("%s/coxad.conf.d", s->config);
	_auto_free_ char *to = alloc_printf("%s.d", s->here->config);
	_auto_free_ char *aside = alloc_printf("%s.before-%s", s->here->config, date);
	_auto_free_ char *aside_d = alloc_printf("%s.before-%s", to, date);

	restore_plan_move(&s->plan, file, s->here->config, aside);
	restore_plan_move(&s->plan, drop_ins, to, aside_d);
}

/* --- state --- */

/* As the state directory is: coxad's. */
static int give(const char *path, uid_t user, gid_t group)
{
	if (geteuid() == 0 && lchown(path, user, group) < 0)
		return -errno;
	return 0;
}

static char *make_state_directory(struct restore_stage *s)
{
	const struct passwd *user = getpwnam(SERVICE_USER);

	if (mkdir(s->there.state, 0700) < 0)
		return errno == EEXIST ? NULL : complain(s->there.state);
	if (user)
		give(s->there.state, user->pw_uid, user->pw_gid);
	return NULL;
}

/* A number that no event had before: see daemon/main/manager-numbers.c. */
static char *write_number(struct restore_stage *s, int64_t now_us)
{
	_auto_free_ char *path = alloc_printf("%s/restored", s->state);
	FILE *file = fopen(path, "wxe");
	bool is_written = file && fprintf(file, "%" PRId64 "\n", now_us) > 0 && fflush(file) == 0 &&
			  fsync(fileno(file)) == 0;

	if (file)
		fclose(file);
	return is_written ? NULL : complain(path);
}

static void move_state(struct restore_stage *s, const char *name, const char *date)
{
	_auto_free_ char *from = alloc_printf("%s/%s", s->state, name);
	_auto_free_ char *to = alloc_printf("%s/%s", s->there.state, name);
	const char *wal = strstr(name, "-wal");
	/* SQLite looks for the log beside the file. */
	_auto_free_ char *aside = alloc_printf("%s/%.*s.before-%s%s", s->there.state,
		(int)(wal ? wal - name : (ptrdiff_t)strlen(name)), name, date, wal ? wal : "");

	restore_plan_move(&s->plan, access(from, F_OK) == 0 ? from : "", to, aside);
}

static char *stage_state(struct restore_stage *s, int64_t now_us, const char *date)
{
	static const char *const names[] = {"history.db-wal", "history.db", "logbook.db-wal",
		"logbook.db", "outbox.db-wal", "outbox.db", "restored"};
	const char *const words[] = {"coxad", "--check-state", s->state, NULL};
	_auto_free_ char *output = NULL;
	char *why = write_number(s, now_us);
	struct stat owner;

	if (!why && program_run(words, &output) != 0)
		why = alloc_printf("its databases are not for this coxad:\n%s", output);
	if (why || stat(s->there.state, &owner) < 0)
		return why ? why : complain(s->there.state);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		_auto_free_ char *path = alloc_printf("%s/%s", s->state, names[i]);

		if (access(path, F_OK) == 0 && give(path, owner.st_uid, owner.st_gid) < 0)
			return complain(path);
		move_state(s, names[i], date);
	}
	return NULL;
}

/* --- bonds --- */

static const char *wearable_of(const struct restore_stage *s, const char *device)
{
	const char *name = json_string_value(json_object_get(s->there.wearables, device));

	return name ? name : device;
}

/* A key belongs to the address of the adapter. What this machine has is newer. */
static void stage_bond(struct restore_stage *s, const char *bond, const char *date)
{
	_auto_free_ char *adapter = alloc_printf("%.*s", ADDRESS_SIZE - 1, bond);
	_auto_free_ char *device = alloc_printf("%.*s", ADDRESS_SIZE - 1, bond + ADDRESS_SIZE);
	_auto_free_ char *folder = alloc_printf("%s/%s", s->here->bluetooth, adapter);
	_auto_free_ char *to = alloc_printf("%s/%s", folder, device);
	_auto_free_ char *info = alloc_printf("%s/info", to);
	_auto_free_ char *ready = alloc_printf("%s/%s %s", s->bluetooth, adapter, device);
	_auto_free_ char *aside = alloc_printf("%s.before-%s", to, date);

	if (access(folder, F_OK) < 0)
		json_array_append_new(s->unpaired, json_string(wearable_of(s, device)));
	else if (access(info, F_OK) < 0) {
		restore_plan_move(&s->plan, ready, to, aside);
		s->n_bonds++;
	}
}

static void stage_bonds(struct restore_stage *s, const json_t *files, const char *date)
{
	const char *name;
	json_t *file;

	json_object_foreach((json_t *)files, name, file)
	{
		const char *bond = after(name, "bluetooth/");

		if (bond)
			stage_bond(s, bond, date);
	}
}

static bool has_bonds(const json_t *files)
{
	const char *name;
	json_t *file;

	json_object_foreach((json_t *)files, name, file) if (after(name, "bluetooth/")) return true;
	return false;
}

/* --- all of it --- */

static char *check_clock(const struct backup_read *read, int64_t now_us)
{
	if (json_integer_value(json_object_get(read->manifest, "made_us")) <= now_us)
		return NULL;
	return alloc_text(
		"the clock of this machine is behind the time when the backup was made, so "
		"numbers could be given out twice: set it first (timedatectl)");
}

static char *make_folders(struct restore_stage *s, const json_t *files)
{
	char *why = make_state_directory(s);

	s->state = alloc_printf("%s/.restore", s->there.state);
	s->bluetooth = alloc_printf("%s/.coxad-restore", s->here->bluetooth);
	if (!why)
		why = make_folder(s, s->state, 0700);
	if (!why && has_bonds(files) && mkdir(s->here->bluetooth, 0700) < 0 && errno != EEXIST)
		why = complain(s->here->bluetooth);
	if (!why && has_bonds(files))
		why = make_folder(s, s->bluetooth, 0700);
	return why;
}

static void date_of(int64_t now_us, char ret[static DATE_SIZE])
{
	time_t now_s = now_us / US_PER_S;
	struct tm utc;
	size_t n;

	gmtime_r(&now_s, &utc);
	n = strftime(ret, DATE_SIZE, "%Y%m%dT%H%M%S", &utc);
	/* Two in one second do not meet. */
	snprintf(ret + n, DATE_SIZE - n, ".%06dZ", (int)(now_us % US_PER_S));
}

static char *make(struct restore_stage *s, struct backup_read *first, int64_t now_us)
{
	struct backup_read again = {0};
	char date[DATE_SIZE];
	char *why = stage_configuration(s, first);

	date_of(now_us, date);
	if (!why)
		why = check_clock(first, now_us);
	if (!why)
		why = make_folders(s, first->files);
	if (why)
		return why;
	why = read_archive(s, place_rest, &again);
	backup_read_done(&again);
	if (!why)
		why = stage_state(s, now_us, date);
	if (!why && chmod_configuration(s, first->files) < 0)
		why = complain(s->config);
	move_configuration(s, date);
	stage_bonds(s, first->files, date);
	return why;
}

char *restore_stage_make(struct restore_stage *s, int64_t now_us)
{
	struct backup_read first = {0};
	char *why;

	restore_plan_begin(&s->plan, s->here->config);
	s->config = alloc_printf("%s/etc", s->plan.folder);
	s->unpaired = json_array();
	restore_plan_remove(s->plan.folder);
	why = make(s, &first, now_us);
	backup_read_done(&first);
	if (why)
		restore_plan_clean(&s->plan);
	return why;
}

void restore_stage_done(struct restore_stage *s)
{
	restore_plan_done(&s->plan);
	if (s->there.config)
		backup_place_done(&s->there);
	json_decref(s->unpaired);
	free(s->config);
	free(s->state);
	free(s->bluetooth);
}
