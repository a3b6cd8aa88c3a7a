// SPDX-License-Identifier: MIT
#include "ctl/restore-plan.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

#define DEPTH_MAX 8

void restore_plan_begin(struct restore_plan *p, const char *config)
{
	*p = (struct restore_plan){.folder = alloc_printf("%s.restore", config),
		.moves = json_array(),
		.folders = json_array()};
}

void restore_plan_done(struct restore_plan *p)
{
	free(p->folder);
	json_decref(p->moves);
	json_decref(p->folders);
}

void restore_plan_move(struct restore_plan *p, const char *from, const char *to, const char *aside)
{
	json_array_append_new(
		p->moves, json_pack("{s:s,s:s,s:s}", "from", from, "to", to, "aside", aside));
}

void restore_plan_folder(struct restore_plan *p, const char *path)
{
	json_array_append_new(p->folders, json_string(path));
}

/* --- disk --- */

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return r;
}

/* The folder that a name is in. */
static int sync_around(const char *path)
{
	_auto_free_ char *folder = alloc_text(path);
	char *slash = strrchr(folder, '/');

	if (slash)
		*slash = '\0';
	return sync_folder(slash && slash > folder ? folder : "/");
}

static int rename_safely(const char *from, const char *to)
{
	int r = rename(from, to) < 0 ? -errno : sync_around(to);

	return r ? r : sync_around(from);
}

static bool exists(const char *path)
{
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	remove(path);
	return 0;
}

void restore_plan_remove(const char *path)
{
	nftw(path, remove_one, DEPTH_MAX, FTW_DEPTH | FTW_PHYS);
}

/* --- the plan --- */

static char *journal_of(const struct restore_plan *p)
{
	return alloc_printf("%s/journal", p->folder);
}

static int write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "wxe");
	int r;

	if (!file)
		return -errno;
	r = fputs(text, file) < 0 || fflush(file) != 0 || fsync(fileno(file)) < 0 ? -errno : 0;
	fclose(file);
	return r;
}

int restore_plan_commit(const struct restore_plan *p)
{
	_auto_free_ char *journal = journal_of(p);
	_auto_free_ char *fresh = alloc_printf("%s/journal.new", p->folder);
	json_t *plan = json_pack("{s:O,s:O}", "moves", p->moves, "folders", p->folders);
	_auto_free_ char *text = json_dumps(plan, JSON_INDENT(1));
	int r = write_text(fresh, text);

	json_decref(plan);
	return r ? r : rename_safely(fresh, journal);
}

static bool is_move(const json_t *move)
{
	return json_is_string(json_object_get(move, "from")) &&
	       json_is_string(json_object_get(move, "to")) &&
	       json_is_string(json_object_get(move, "aside"));
}

int restore_plan_load(struct restore_plan *p)
{
	_auto_free_ char *journal = journal_of(p);
	json_t *plan, *move;
	size_t i;

	if (!exists(journal))
		return -ENOENT;
	plan = json_load_file(journal, 0, NULL);
	json_array_extend(p->moves, json_object_get(plan, "moves"));
	json_array_extend(p->folders, json_object_get(plan, "folders"));
	json_decref(plan);
	json_array_foreach(p->moves, i, move) if (!is_move(move)) return -EBADMSG;
	return json_array_size(p->moves) ? 0 : -EBADMSG;
}

/* As often as it takes: whatever was done already is not there any more. */
static int carry_out(const json_t *move)
{
	const char *from = json_string_value(json_object_get(move, "from"));
	const char *to = json_string_value(json_object_get(move, "to"));
	const char *aside = json_string_value(json_object_get(move, "aside"));
	int r = 0;

	if (from[0] && !exists(from))
		return 0;
	if (exists(to))
		r = rename_safely(to, aside);
	return r || !from[0] ? r : rename_safely(from, to);
}

int restore_plan_carry_out(const struct restore_plan *p)
{
	_auto_free_ char *journal = journal_of(p);
	json_t *move;
	size_t i;
	int r = 0;

	json_array_foreach(p->moves, i, move)
	{
		r = carry_out(move);
		if (r)
			return r;
	}
	if (unlink(journal) < 0 && errno != ENOENT)
		return -errno;
	r = sync_folder(p->folder);
	restore_plan_clean(p);
	return r;
}

void restore_plan_clean(const struct restore_plan *p)
{
	json_t *folder;
	size_t i;

	json_array_foreach(p->folders, i, folder)
	{
		if (json_is_string(folder))
			restore_plan_remove(json_string_value(folder));
	}
	restore_plan_remove(p->folder);
}
