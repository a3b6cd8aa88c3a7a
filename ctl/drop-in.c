// SPDX-License-Identifier: MIT
#include "ctl/drop-in.h"

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
#include "ctl/drop-in-text.h"
#include "ctl/client.h"
#include "ctl/out.h"
#include "ctl/program.h"

#define USUAL      SYSCONFDIR "/coxad/coxad.conf"
#define TEXT_BYTES (1 << 20)

static const char *const names[] = {
	[DROP_IN_TEXT_SENSORS] = "50-adopted.conf", [DROP_IN_TEXT_GATEWAY] = "50-setup.conf"};

static int failed(const char *path)
{
	out_message("%s: %s%s", path, strerror(errno),
		errno == EACCES || errno == EPERM || errno == EROFS
			? "; this verb writes the configuration: run it with sudo"
			: "");
	return CTL_FAILED;
}

static int read_sections(const char *path, enum drop_in_text_kind kind, json_t **ret)
{
	char *text = alloc_zero(1, TEXT_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, text, TEXT_BYTES);
	bool is_missing = fd < 0 && errno == ENOENT;

	/* Of a longer one the rest would be lost. */
	*ret = (n >= 0 && n < TEXT_BYTES) || is_missing
		       ? drop_in_text_parse(kind, text, n > 0 ? (size_t)n : 0)
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

static int lock(struct drop_in *d)
{
	if (mkdir(d->folder, 0755) < 0 && errno != EEXIST)
		return failed(d->folder);
	d->lock = open(d->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->lock < 0 || faccessat(d->lock, ".", W_OK, AT_EACCESS) < 0)
		return failed(d->folder);
	if (flock(d->lock, LOCK_EX | LOCK_NB) == 0)
		return CTL_OK;
	out_message(
		"somebody else is changing the configuration right now; wait until that is done");
	return CTL_FAILED;
}

int drop_in_open(struct ctl *ctl, enum drop_in_text_kind kind, struct drop_in *ret)
{
	char *path;
	int status;

	*ret = (struct drop_in){
		.kind = kind, .config = alloc_text(ctl->config ? ctl->config : USUAL), .lock = -1};
	ret->folder = alloc_printf("%s.d", ret->config);
	path = alloc_printf("%s/%s", ret->folder, names[kind]);
	status = lock(ret);
	if (status == CTL_OK)
		status = read_sections(path, kind, &ret->sections);
	free(path);
	if (status != CTL_OK)
		drop_in_close(ret);
	return status;
}

void drop_in_close(struct drop_in *d)
{
	if (d->lock >= 0)
		close(d->lock);
	json_decref(d->sections);
	free(d->config);
	free(d->folder);
	*d = (struct drop_in){.lock = -1};
}

void drop_in_set(
	struct drop_in *d, const char *kind, const char *name, const char *key, const char *value)
{
	char *title = name ? alloc_printf("%s %s", kind, name) : alloc_text(kind);
	json_t *section = json_object_get(d->sections, title);

	if (!section) {
		section = json_object();
		json_object_set_new(d->sections, title, section);
	}
	json_object_set_new(section, key, json_string(value));
	free(title);
}

void drop_in_unset(struct drop_in *d, const char *kind, const char *key)
{
	json_t *section = json_object_get(d->sections, kind);

	json_object_del(section, key);
	if (section && !json_object_size(section))
		json_object_del(d->sections, kind);
}

bool drop_in_is_whole(const struct drop_in *d, const char *name)
{
	char *title = alloc_printf("wearable %s", name);
	bool is_whole = json_object_get(json_object_get(d->sections, title), "placement");

	free(title);
	return is_whole;
}

bool drop_in_has(const struct drop_in *d, const char *kind, const char *name)
{
	char *title = alloc_printf("%s %s", kind, name);
	bool is_there = json_object_get(d->sections, title);

	free(title);
	return is_there;
}

void drop_in_remove(struct drop_in *d, const char *kind, const char *name)
{
	char *title = alloc_printf("%s %s", kind, name);

	json_object_del(d->sections, title);
	free(title);
}

/* --- a copy of the configuration as it would be, of links to what does not change --- */

static char *draft_of(const struct drop_in *d, const char *rest)
{
	return alloc_printf("%s/.draft%s", d->folder, rest);
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

void drop_in_discard(const struct drop_in *d)
{
	_auto_free_ char *top = draft_of(d, ""), *inner = draft_of(d, "/coxad.conf.d");

	clear_folder(inner);
	clear_folder(top);
}

static bool is_other(const struct drop_in *d, const char *name)
{
	size_t size = strlen(name);

	return name[0] != '.' && size > 5 && strcmp(name + size - 5, ".conf") == 0 &&
	       strcmp(name, names[d->kind]) != 0;
}

/* Of links to the files themselves: coxad reads only regular ones. */
static int link_file(const char *from, const char *to)
{
	if (link(from, to) == 0 || errno == ENOENT)
		return 0;
	return symlink(from, to);
}

static int link_others(const struct drop_in *d, const char *inner)
{
	DIR *folder = opendir(d->folder);
	struct dirent *entry;
	int r = folder ? 0 : -1;

	while (r == 0 && (entry = readdir(folder))) {
		_auto_free_ char *from = alloc_printf("%s/%s", d->folder, entry->d_name);
		_auto_free_ char *to = alloc_printf("%s/%s", inner, entry->d_name);

		if (is_other(d, entry->d_name))
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

static char *path_of(const struct drop_in *d)
{
	return alloc_printf("%s/%s", d->folder, names[d->kind]);
}

static char *new_path_of(const struct drop_in *d)
{
	return alloc_printf("%s/.draft/coxad.conf.d/%s", d->folder, names[d->kind]);
}

static int make_draft(const struct drop_in *d)
{
	_auto_free_ char *text = drop_in_text_write(d->kind, d->sections);
	_auto_free_ char *top = draft_of(d, ""), *inner = draft_of(d, "/coxad.conf.d");
	_auto_free_ char *main_file = draft_of(d, "/coxad.conf");
	_auto_free_ char *own = new_path_of(d);

	drop_in_discard(d);
	if (mkdir(top, 0700) < 0 || mkdir(inner, 0700) < 0 || link_file(d->config, main_file) < 0 ||
		link_others(d, inner) < 0 || write_file(own, text) < 0)
		return failed(top);
	return CTL_OK;
}

static int check_draft(const struct drop_in *d, char **ret)
{
	_auto_free_ char *main_file = draft_of(d, "/coxad.conf");
	_auto_free_ char *said = NULL;
	const char *const check[] = {"coxad", "--check-config", "--config", main_file, NULL};
	const char *const print[] = {"coxad", "--print-config", "--config", main_file, NULL};
	int status = program_run(check, &said);

	if (status == 0)
		return ret && program_run(print, ret) != 0 ? CTL_FAILED : CTL_OK;
	out_message("coxad would refuse that configuration, so nothing was changed:\n%s", said);
	return CTL_FAILED;
}

int drop_in_check(const struct drop_in *d, char **ret)
{
	int status = make_draft(d);

	return status == CTL_OK ? check_draft(d, ret) : status;
}

/* --- in force --- */

int drop_in_put(const struct drop_in *d)
{
	_auto_free_ char *draft = new_path_of(d), *path = path_of(d);

	if (rename(draft, path) < 0)
		return failed(path);
	fsync(d->lock);
	return CTL_OK;
}

static int reload(struct ctl *ctl)
{
	struct client_call call = {CLIENT_ADMIN, "Reload", 0};

	return client_run(ctl, &call, NULL, "");
}

static int put_in_force(struct ctl *ctl, const struct drop_in *d)
{
	_auto_free_ char *path = path_of(d), *kept = draft_of(d, "/kept");
	bool is_kept = link(path, kept) == 0;
	int status = drop_in_put(d);

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

int drop_in_apply(struct ctl *ctl, struct drop_in *d)
{
	int status = drop_in_check(d, NULL);

	if (status == CTL_OK)
		status = put_in_force(ctl, d);
	drop_in_discard(d);
	return status;
}
