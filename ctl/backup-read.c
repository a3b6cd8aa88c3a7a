// SPDX-License-Identifier: MIT
#include "ctl/backup-read.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/backup-sum.h"

#define PIECE_BYTES (64 << 10)

/* One that is being read. */
struct entry {
	const char *name;
	int64_t bytes;
	int fd;     /* -1: only read */
	char *text; /* of the manifest; NULL: it is another one */
	size_t used;
	struct backup_sum sum;
};

static void fail(struct backup_read *r, char *why)
{
	if (r->why)
		free(why);
	else
		r->why = why;
}

static void fail_archive(struct backup_read *r, struct archive *archive)
{
	const char *text = archive_error_string(archive);

	fail(r, alloc_printf("it is no backup, or damaged (%s)", text ? text : "cut off"));
}

/* Why nothing with this header is taken. */
static char *objection(const struct backup_read *r, struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);

	if (!name || !backup_manifest_limit(name) || archive_entry_filetype(e) != AE_IFREG ||
		archive_entry_hardlink(e) || archive_entry_symlink(e))
		return alloc_text("it has something in it that no backup of coxad has");
	if (!archive_entry_size_is_set(e) || archive_entry_size(e) < 0 ||
		archive_entry_size(e) > backup_manifest_limit(name))
		return alloc_printf("%s in it is too large", name);
	if (json_object_get(r->files, name) || json_object_size(r->files) >= BACKUP_MANIFEST_FILES)
		return alloc_text("it has a file twice, or too many");
	return NULL;
}

static bool put(struct entry *entry, const char *piece, size_t n)
{
	backup_sum_add(&entry->sum, piece, n);
	if (entry->text && entry->used + n <= (size_t)entry->bytes)
		memcpy(entry->text + entry->used, piece, n);
	entry->used += n;
	while (entry->fd >= 0 && n) {
		ssize_t written = write(entry->fd, piece, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		piece += written;
		n -= (size_t)written;
	}
	return true;
}

static void copy(struct backup_read *r, struct archive *archive, struct entry *entry)
{
	_auto_free_ char *piece = alloc_zero(1, PIECE_BYTES);
	la_ssize_t n;

	while ((n = archive_read_data(archive, piece, PIECE_BYTES)) > 0)
		if (!put(entry, piece, (size_t)n)) {
			fail(r, alloc_printf(
					"%s cannot be written: %s", entry->name, strerror(errno)));
			return;
		}
	if (n < 0 || entry->used != (size_t)entry->bytes)
		fail_archive(r, archive);
	else if (entry->fd >= 0 && fsync(entry->fd) < 0)
		fail(r, alloc_printf("%s cannot be written: %s", entry->name, strerror(errno)));
}

static void take_manifest(struct backup_read *r, const struct entry *entry)
{
	const char *why;

	if (r->manifest) {
		fail(r, alloc_text("it has a file twice, or too many"));
		return;
	}
	r->manifest = backup_manifest_parse(entry->text, entry->used, &why);
	if (!r->manifest)
		fail(r, alloc_text(why));
}

static void finish(struct backup_read *r, struct entry *entry)
{
	char digits[BACKUP_MANIFEST_SUM_SIZE];

	backup_sum_end(&entry->sum, digits);
	if (entry->fd >= 0)
		close(entry->fd);
	if (entry->text && !r->why)
		take_manifest(r, entry);
	else if (!r->why)
		json_object_set_new(r->files, entry->name,
			json_pack(
				"{s:I,s:s}", "bytes", (json_int_t)entry->bytes, "sha256", digits));
	free(entry->text);
}

static void take(
	struct backup_read *r, struct archive *archive, struct archive_entry *e, const char *path)
{
	struct entry entry = {
		.name = archive_entry_pathname(e), .bytes = archive_entry_size(e), .fd = -1};

	if (strcmp(entry.name, BACKUP_MANIFEST_NAME) == 0)
		entry.text = alloc_zero(1, (size_t)entry.bytes + 1);
	if (path) {
		entry.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (entry.fd < 0)
			fail(r, alloc_printf("%s: %s", path, strerror(errno)));
	}
	backup_sum_begin(&entry.sum);
	if (!r->why)
		copy(r, archive, &entry);
	finish(r, &entry);
}

static void read_all(
	struct backup_read *r, struct archive *archive, backup_read_place_fn place, void *user)
{
	struct archive_entry *e;
	int n = ARCHIVE_OK;

	while (!r->why && (n = archive_read_next_header(archive, &e)) == ARCHIVE_OK) {
		_auto_free_ char *path = NULL;

		r->why = objection(r, e);
		if (r->why)
			return;
		path = place(user, archive_entry_pathname(e));
		take(r, archive, e, path);
	}
	if (!r->why && n != ARCHIVE_EOF)
		fail_archive(r, archive);
}

void backup_read_run(
	struct backup_read *r, const char *path, backup_read_place_fn place, void *user)
{
	struct archive *archive = archive_read_new();

	*r = (struct backup_read){.files = json_object()};
	archive_read_support_format_tar(archive);
	archive_read_support_filter_gzip(archive);
	if (archive_read_open_filename(archive, path, PIECE_BYTES) == ARCHIVE_OK)
		read_all(r, archive, place, user);
	else
		fail_archive(r, archive);
	archive_read_free(archive);
	if (!r->why && !r->manifest)
		r->why = alloc_text("it is no backup of coxad, or cut off: it has no manifest");
	if (!r->why)
		r->why = backup_manifest_compare(r->manifest, r->files);
}

void backup_read_done(struct backup_read *r)
{
	json_decref(r->files);
	json_decref(r->manifest);
	free(r->why);
}
