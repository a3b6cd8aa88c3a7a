// SPDX-License-Identifier: MIT
#include "config.h"

#include "ctl/backup-write.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "ctl/backup-sum.h"

#define PIECE_BYTES (64 << 10)
/* "Database File Format" of SQLite, 1.3: where user_version is. */
#define SCHEMA_AT 60

static bool fail(struct backup_write *w, char *why)
{
	if (w->why)
		free(why);
	else
		w->why = why;
	return false;
}

static bool fail_archive(struct backup_write *w)
{
	return fail(w, alloc_text(archive_error_string(w->archive)));
}

void backup_write_begin(struct backup_write *w, int fd, int64_t made_us)
{
	*w = (struct backup_write){.archive = archive_write_new(),
		.manifest = backup_manifest_new(PACKAGE_VERSION, made_us)};
	archive_write_add_filter_gzip(w->archive);
	archive_write_set_format_pax_restricted(w->archive);
	if (archive_write_open_fd(w->archive, fd) != ARCHIVE_OK)
		fail_archive(w);
}

static bool begin_entry(
	struct backup_write *w, const char *name, const struct stat *stat, int64_t bytes)
{
	struct archive_entry *entry = archive_entry_new();
	int r;

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, stat ? stat->st_mode & 0777 : 0600);
	archive_entry_set_size(entry, bytes);
	archive_entry_set_mtime(
		entry, json_integer_value(json_object_get(w->manifest, "made_us")) / US_PER_S, 0);
	r = archive_write_header(w->archive, entry);
	archive_entry_free(entry);
	return r == ARCHIVE_OK || fail_archive(w);
}

static ssize_t read_some(int fd, char *piece, int64_t left)
{
	ssize_t n;

	do
		n = read(fd, piece, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES);
	while (n < 0 && errno == EINTR);
	return n;
}

static int64_t schema_of(const char *piece, size_t n)
{
	static const char magic[] = "SQLite format 3";
	const uint8_t *at = (const uint8_t *)piece + SCHEMA_AT;

	if (n < SCHEMA_AT + 4 || memcmp(piece, magic, sizeof(magic)) != 0)
		return 0;
	return (int64_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static bool copy(struct backup_write *w, const char *name, int from, int64_t bytes)
{
	_auto_free_ char *piece = alloc_zero(1, PIECE_BYTES);
	char digits[BACKUP_MANIFEST_SUM_SIZE];
	struct backup_sum sum;
	int64_t left = bytes, schema = 0;
	ssize_t n = 1;

	backup_sum_begin(&sum);
	while (left > 0 && (n = read_some(from, piece, left)) > 0 && !w->why) {
		schema = left == bytes ? schema_of(piece, (size_t)n) : schema;
		backup_sum_add(&sum, piece, (size_t)n);
		left -= n;
		if (archive_write_data(w->archive, piece, (size_t)n) != n)
			fail_archive(w);
	}
	backup_sum_end(&sum, digits);
	if (n < 0)
		return fail(w, alloc_printf("%s: %s", name, strerror(errno)));
	if (left > 0 && !w->why)
		return fail(
			w, alloc_printf("%s ended too early; journalctl -u coxad says why", name));
	backup_manifest_add(w->manifest, name, bytes, digits, schema);
	return !w->why;
}

bool backup_write_stream(struct backup_write *w, const char *name, int from, int64_t bytes)
{
	if (bytes < 0 || bytes > backup_manifest_limit(name))
		return fail(w, alloc_printf("%s is larger than a backup may have it", name));
	return !w->why && begin_entry(w, name, NULL, bytes) && copy(w, name, from, bytes);
}

bool backup_write_file(struct backup_write *w, const char *name, const char *path)
{
	int fd = w->why ? -1 : open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat stat;
	bool is_written;

	if (w->why || (fd < 0 && errno == ENOENT))
		return !w->why;
	if (fd < 0 || fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode)) {
		fail(w, alloc_printf("%s: %s", path, fd < 0 ? strerror(errno) : "not a file"));
		close(fd);
		return false;
	}
	if (stat.st_size > backup_manifest_limit(name))
		is_written = fail(w, alloc_printf("%s is larger than a backup may have it", path));
	else
		is_written = begin_entry(w, name, &stat, stat.st_size) &&
			     copy(w, name, fd, stat.st_size);
	close(fd);
	return is_written;
}

char *backup_write_end(struct backup_write *w)
{
	_auto_free_ char *text = json_dumps(w->manifest, JSON_INDENT(1));
	size_t size = strlen(text);

	if (!w->why && begin_entry(w, BACKUP_MANIFEST_NAME, NULL, (int64_t)size) &&
		archive_write_data(w->archive, text, size) != (ssize_t)size)
		fail_archive(w);
	if (archive_write_close(w->archive) != ARCHIVE_OK && !w->why)
		fail_archive(w);
	archive_write_free(w->archive);
	json_decref(w->manifest);
	return w->why;
}
