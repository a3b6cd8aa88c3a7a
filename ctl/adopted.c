// SPDX-License-Identifier: MIT
#include "ctl/adopted.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/adopted-text.h"
#include "ctl/client.h"
#include "ctl/out.h"
#include "ctl/program.h"

#define USUAL      SYSCONFDIR "/coxad/coxad.conf"
#define TEXT_BYTES (1 << 20)

static const char *const names[] = {
	[ADOPTED_TEXT_SENSORS] = "50-adopted.conf", [ADOPTED_TEXT_GATEWAY] = "50-setup.conf"};

static int failed(const char *path)
{
	out_message("%s: %s%s", path, strerror(errno),
		errno == EACCES || errno == EPERM || errno == EROFS
			? "; this verb writes the configuration: run it with sudo"
			: "");
	return CTL_FAILED;
}

static int read_sections(const char *path, enum adopted_text_kind kind, json_t **ret)
{
	char *text = alloc_zero(1, TEXT_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, text, TEXT_BYTES);
	bool is_missing = fd < 0 && errno == ENOENT;

	/* Of a longer one the rest would be lost. */
	*ret = (n >= 0 && n < TEXT_BYTES) || is_missing
		       ? adopted_text_parse(kind, text, n > 0 ? (size_t)n : 0)
		       : NULL;
	free(text);
	if (fd >= 0)
		close(fd);
	if (n < 0 && !is_missing)
		return failed(path);
	if (*ret)
		return CTL_OK;
	out_message("%s was changed by hand in a way that coxactl cannot keep; move what its first "
		    "line does not name to a file of its own",
		path);
	return CTL_FAILED;
}

static int lock(struct adopted *a)
{
	if (mkdir(a->folder, 0755) < 0 && errno != EEXIST)
		return failed(a->folder);
	a->lock = open(a->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (a->lock < 0 || faccessat(a->lock, ".", W_OK, AT_EACCESS) < 0)
		return failed(a->folder);
	if (flock(a->lock, LOCK_EX | LOCK_NB) == 0)
		return CTL_OK;
	out_message(
		"somebody else is changing the configuration right now; wait until that is done");
	return CTL_FAILED;
}

int adopted_open(struct ctl *ctl, enum adopted_text_kind kind, struct adopted *ret)
{
	char *path;
	int status;

	*ret = (struct adopted){
		.kind = kind, .config = alloc_text(ctl->config ? ctl->config : USUAL), .lock = -1};
	ret->folder = alloc_printf("%s.d", ret->config);
	path = alloc_printf("%s/%s", ret->folder, names[kind]);
	status = lock(ret);
	if (status == CTL_OK)
		status = read_sections(path, kind, &ret->sections);
	free(path);
	if (status != CTL_OK)
		adopted_close(ret);
	return status;
}

void adopted_close(struct adopted *a)
{
	if (a->lock >= 0)
		close(a->lock);
	json_decref(a->sections);
	free(a->config);
	free(a->folder);
	*a = (struct adopted){.lock = -1};
}

void adopted_set(
	struct adopted *a, const char *kind, const char *name, const char *key, const char *value)
{
	char *title = name ? alloc_printf("%s %s", kind, name) : alloc_text(kind);
	json_t *section = json_object_get(a->sections, title);

	if (!section) {
		section = json_object();
		json_object_set_new(a->sections, title, section);
	}
	json_object_set_new(section, key, json_string(value));
	free(title);
}

void adopted_unset(struct adopted *a, const char *kind, const char *key)
{
	json_t *section = json_object_get(a->sections, kind);

	json_object_del(section, key);
	if (section && !json_object_size(section))
		json_object_del(a->sections, kind);
}

bool adopted_is_whole(const struct adopted *a, const char *name)
{
	char *title = alloc_printf("wearable %s", name);
	bool is_whole = json_object_get(json_object_get(a->sections, title), "placement");

	free(title);
	return is_whole;
}

bool adopted_has(const struct adopted *a, const char *kind, const char *name)
{
	char *title = alloc_printf("%s %s", kind, name);
	bool is_there = json_object_get(a->sections, title);

	free(title);
	return is_there;
}

void adopted_remove(struct adopted *a, const char *kind, const char *name)
{
	char *title = alloc_printf("%s %s", kind, name);

	json_object_del(a->sections, title);
	free(title);
}

/* --- a copy of the configuration as it would be, of links to what does not change --- */

static char *draft_of(const struct adopted *a, const char *rest)
{
	return alloc_printf("%s/.draft%s", a->folder, rest);
}

static void clear_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(path);
}

void adopted_drop(const struct adopted *a)
{
	_auto_free_ char *top = draft_of(a, ""), *inner = draft_of(a, "/coxad.conf.d");

	clear_folder(inner);
	clear_folder(top);
}

static bool is_other(const struct adopted *a, const char *name)
{
	size_t size = strlen(name);

	return name[0] != '.' && size > 5 && strcmp(name + size - 5, ".conf") == 0 &&
	       strcmp(name, names[a->kind]) != 0;
}

/* Of links to the files themselves: coxad reads only regular ones. */
static int link_file(const char *from, const char *to)
{
	if (link(from, to) == 0 || errno == ENOENT)
		return 0;
	return symlink(from, to);
}

static int link_others(const struct adopted *a, const char *inner)
{
	DIR *folder = opendir(a->folder);
	struct dirent *entry;
	int r = folder ? 0 : -1;

	while (r == 0 && (entry = readdir(folder))) {
		_auto_free_ char *from = alloc_printf("%s/%s", a->folder, entry->d_name);
		_auto_free_ char *to = alloc_printf("%s/%s", inner, entry->d_name);

		if (is_other(a, entry->d_name))
			r = link_file(from, to);
	}
	if (folder)
		closedir(folder);
	return r;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), r = fd;
	size_t size = strlen(text), done = 0;

	while (r >= 0 && done < size) {
		ssize_t n = write(fd, text + done, size - done);

		done += n > 0 ? (size_t)n : 0;
		r = n < 0 && errno != EINTR ? -1 : 0;
	}
	if (r >= 0)
		r = fchmod(fd, 0644);
	if (r >= 0)
		r = fsync(fd);
	if (fd >= 0)
		close(fd);
	return r < 0 ? -1 : 0;
}

static char *path_of(const struct adopted *a)
{
	return alloc_printf("%s/%s", a->folder, names[a->kind]);
}

static char *new_path_of(const struct adopted *a)
{
	return alloc_printf("%s/.draft/coxad.conf.d/%s", a->folder, names[a->kind]);
}

static int make_draft(const struct adopted *a)
{
	_auto_free_ char *text = adopted_text_write(a->kind, a->sections);
	_auto_free_ char *top = draft_of(a, ""), *inner = draft_of(a, "/coxad.conf.d");
	_auto_free_ char *main_file = draft_of(a, "/coxad.conf");
	_auto_free_ char *own = new_path_of(a);

	adopted_drop(a);
	if (mkdir(top, 0700) < 0 || mkdir(inner, 0700) < 0 || link_file(a->config, main_file) < 0 ||
		link_others(a, inner) < 0 || write_file(own, text) < 0)
		return failed(top);
	return CTL_OK;
}

static int check_draft(const struct adopted *a, char **ret)
{
	_auto_free_ char *main_file = draft_of(a, "/coxad.conf");
	_auto_free_ char *said = NULL;
	const char *const check[] = {"coxad", "--check-config", "--config", main_file, NULL};
	const char *const print[] = {"coxad", "--print-config", "--config", main_file, NULL};
	int status = program_run(check, &said);

	if (status == 0)
		return ret && program_run(print, ret) != 0 ? CTL_FAILED : CTL_OK;
	out_message("coxad would refuse that configuration, so nothing was changed:\n%s", said);
	return CTL_FAILED;
}

int adopted_check(const struct adopted *a, char **ret)
{
	int status = make_draft(a);

	return status == CTL_OK ? check_draft(a, ret) : status;
}

/* --- in force --- */

int adopted_put(const struct adopted *a)
{
	_auto_free_ char *draft = new_path_of(a), *path = path_of(a);

	if (rename(draft, path) < 0)
		return failed(path);
	fsync(a->lock);
	return CTL_OK;
}

static int reload(struct ctl *ctl)
{
	struct client_call call = {CLIENT_ADMIN, "Reload", 0};

	return client_run(ctl, &call, NULL, "");
}

static int put_in_force(struct ctl *ctl, const struct adopted *a)
{
	_auto_free_ char *path = path_of(a), *kept = draft_of(a, "/kept");
	bool is_kept = link(path, kept) == 0;
	int status = adopted_put(a);

	if (status != CTL_OK)
		return status;
	status = reload(ctl);
	/* coxad may have taken it before it ended, or takes it as it starts. */
	if (status == CTL_UNAVAILABLE)
		out_message("%s is written and counts as soon as coxad runs", path);
	else if (status != CTL_OK && is_kept)
		rename(kept, path);
	else if (status != CTL_OK)
		unlink(path);
	return status;
}

int adopted_apply(struct ctl *ctl, struct adopted *a)
{
	int status = adopted_check(a, NULL);

	if (status == CTL_OK)
		status = put_in_force(ctl, a);
	adopted_drop(a);
	return status;
}
