// SPDX-License-Identifier: MIT
#include "daemon/main/conf-files.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/config/conf-read.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/regular-file.h"

#define FILES_MAX 256

struct files {
	size_t n;
	struct conf_source source[FILES_MAX]; /* name and data are owned */
};

/* One byte more than conf-read accepts, so that it can say "too large". */
static int read_file(const char *path, char **ret, size_t *ret_size)
{
	char *data = alloc_zero(1, CONF_FILE_MAX + 1);
	size_t size = 0;
	ssize_t n = 1;
	int fd = regular_file_open(path);

	if (fd < 0) {
		free(data);
		return fd;
	}
	while (size < CONF_FILE_MAX + 1 &&
		(n = read(fd, data + size, CONF_FILE_MAX + 1 - size)) > 0)
		size += (size_t)n;
	if (n < 0) {
		int error = -errno;

		free(data);
		close(fd);
		return error;
	}
	close(fd);
	*ret = data;
	*ret_size = size;
	return 0;
}

static void add_file(
	struct files *files, const char *path, bool is_required, struct conf_errors *errors)
{
	struct conf_source *s = &files->source[files->n];
	char *data = NULL;
	int r;

	if (files->n == FILES_MAX) {
		conf_errors_add(
			errors, "%s: more than %d files; merge some of them", path, FILES_MAX);
		return;
	}
	r = read_file(path, &data, &s->size);
	if (r == -ENOENT && !is_required)
		return;
	if (r < 0) {
		conf_errors_add(errors, "%s: %s", path,
			r == -EMEDIUMTYPE || r == -EISDIR ? "not a regular file" : strerror(-r));
		return;
	}
	s->name = alloc_text(path);
	s->data = data;
	files->n++;
}

static int is_conf(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return entry->d_name[0] != '.' && size > 5 &&
	       strcmp(entry->d_name + size - 5, ".conf") == 0;
}

/* C order in every locale: strcmp, not strcoll. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_drop_ins(struct files *files, const char *path, struct conf_errors *errors)
{
	_auto_free_ char *folder = alloc_printf("%s.d", path);
	struct dirent **entries;
	int n = scandir(folder, &entries, is_conf, by_bytes);

	if (n < 0) {
		if (errno != ENOENT)
			conf_errors_add(errors, "%s: %s", folder, strerror(errno));
		return;
	}
	for (int i = 0; i < n; i++) {
		_auto_free_ char *name = alloc_printf("%s/%s", folder, entries[i]->d_name);

		add_file(files, name, true, errors);
		free(entries[i]);
	}
	free(entries);
}

/* The journal names no athletes. */
static void print_error(const char *text, FILE *stream)
{
	static const char setting[] = "athlete = ";
	const char *at = journal_is_standard_error() ? strstr(text, setting) : NULL;

	if (at)
		fprintf(stream, "%.*s... (see coxad --check-config)\n",
			(int)(at - text + (ptrdiff_t)strlen(setting)), text);
	else
		fprintf(stream, "%s\n", text);
}

void conf_files_print(const struct conf_errors *errors, FILE *stream)
{
	for (size_t i = 0; i < errors->n; i++)
		print_error(errors->text[i], stream);
	if (errors->n_more)
		fprintf(stream, "and %zu more\n", errors->n_more);
}

int conf_files_read(
	const char *path, bool is_required, struct conf_errors *errors, struct conf **ret)
{
	_auto_free_ struct files *files = new0(struct files);
	struct conf *conf = NULL;
	int r;

	add_file(files, path, is_required, errors);
	add_drop_ins(files, path, errors);
	r = conf_read(files->source, files->n, &conf, errors);
	for (size_t i = 0; i < files->n; i++) {
		free((char *)files->source[i].name);
		free((char *)files->source[i].data);
	}
	if (r == 0 && errors->n > 0) {
		conf = conf_free(conf);
		r = -EINVAL;
	}
	if (r == 0)
		*ret = conf;
	return r;
}

int conf_files_load(const char *path, bool is_required, FILE *stream, struct conf **ret)
{
	_auto_free_ struct conf_errors *errors = new0(struct conf_errors);
	int r = conf_files_read(path, is_required, errors, ret);

	conf_files_print(errors, stream);
	conf_errors_done(errors);
	return r;
}
