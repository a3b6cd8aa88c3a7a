// SPDX-License-Identifier: MIT
#include "tests/store/fault-vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

#define FILES_MAX 32

/* A write since the last sync; data NULL: a truncation to `offset`. */
struct change {
	struct change *next;
	int64_t offset;
	size_t size;
	char *data;
};

struct platter {
	char *path; /* NULL: unused */
	ino_t inode;
	char *synced;
	size_t size, room;
	struct change *first, **end;
	bool is_deleted, is_new; /* its directory entry was not synced since */
};

struct fault_file {
	sqlite3_file base;
	struct platter *platter; /* NULL: a temporary file */
	sqlite3_file *real;
};

static struct {
	sqlite3_vfs vfs, *real;
	struct fault_plan plan;
	unsigned calls;
	bool has_struck, is_off;
	uint64_t random;
	struct platter file[FILES_MAX];
} disk;

static unsigned draw(unsigned n)
{
	disk.random = disk.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(disk.random >> 33) % n;
}

static void drop_changes(struct platter *p)
{
	while (p->first) {
		struct change *c = p->first;

		p->first = c->next;
		free(c->data);
		free(c);
	}
	p->end = &p->first;
}

static void forget(struct platter *p)
{
	drop_changes(p);
	free(p->path);
	free(p->synced);
	*p = (struct platter){0};
}

static void apply(struct platter *p, const struct change *c, size_t part)
{
	size_t end = (size_t)c->offset + part;

	if (!c->data) {
		end = (size_t)c->offset;
		if (end < p->size)
			p->size = end;
		return;
	}
	if (end > p->room) {
		p->room = 2 * end;
		p->synced = alloc_resize(p->synced, p->room, 1);
	}
	if (end > p->size) {
		memset(p->synced + p->size, 0, end - p->size);
		p->size = end;
	}
	memcpy(p->synced + c->offset, c->data, part);
}

/* As SQLite does with the first sync of a journal it has created: all names are as they are now. */
static void sync_directory(void)
{
	for (unsigned i = 0; i < FILES_MAX; i++)
		if (disk.file[i].is_deleted)
			forget(&disk.file[i]);
		else
			disk.file[i].is_new = false;
}

static void sync_platter(struct platter *p)
{
	for (const struct change *c = p->first; c; c = c->next)
		apply(p, c, c->size);
	drop_changes(p);
	if (p->is_new)
		sync_directory();
}

static void add_change(struct platter *p, const void *data, size_t size, int64_t offset)
{
	struct change *c = new0(struct change);

	c->offset = offset;
	c->size = size;
	if (data) {
		c->data = alloc_zero(1, size + 1);
		memcpy(c->data, data, size);
	}
	*p->end = c;
	p->end = &c->next;
}

/* What is in the file now counts as synced. */
static void read_platter(struct platter *p, const struct stat *st)
{
	int fd = open(p->path, O_RDONLY | O_CLOEXEC);

	p->inode = st->st_ino;
	p->size = (size_t)st->st_size;
	p->room = p->size + 1;
	p->synced = alloc_zero(1, p->room);
	if (fd < 0 || pread(fd, p->synced, p->size, 0) != (ssize_t)p->size)
		abort();
	close(fd);
}

static struct platter *find(const char *path)
{
	for (unsigned i = 0; i < FILES_MAX; i++)
		if (disk.file[i].path && !strcmp(disk.file[i].path, path))
			return &disk.file[i];
	return NULL;
}

/* The record of a file that was opened just now. */
static struct platter *platter_of(const char *path, bool is_new)
{
	struct platter *p = find(path);
	struct stat st;

	if (stat(path, &st) < 0)
		return NULL;
	if (p && p->inode == st.st_ino && !p->is_deleted)
		return p;
	for (unsigned i = 0; i < FILES_MAX && !p; i++)
		if (!disk.file[i].path)
			p = &disk.file[i];
	if (!p)
		abort();
	forget(p);
	p->path = alloc_text(path);
	p->end = &p->first;
	p->is_new = is_new;
	read_platter(p, &st);
	return p;
}

static bool is_of_writes(enum fault fault)
{
	return fault == FAULT_FULL || fault == FAULT_SHORT || fault == FAULT_READ_ONLY ||
	       fault == FAULT_LOST;
}

/* What this call does: FAULT_NONE as usual. */
static enum fault strike(bool is_write)
{
	bool is_hit;

	if (disk.is_off)
		return FAULT_POWER;
	disk.calls++;
	is_hit = disk.plan.is_lasting ? disk.calls >= disk.plan.at : disk.calls == disk.plan.at;
	if (!is_hit)
		return FAULT_NONE;
	disk.has_struck = true;
	if (disk.plan.fault == FAULT_POWER)
		disk.is_off = true;
	if (disk.plan.fault == FAULT_STALL)
		disk.plan.stall(disk.plan.user);
	if (disk.plan.fault == FAULT_STALL || (!is_write && is_of_writes(disk.plan.fault)))
		return FAULT_NONE;
	return disk.plan.fault;
}

#define REAL(file_) (((struct fault_file *)(file_))->real)

static int on_close(sqlite3_file *file)
{
	return REAL(file)->pMethods->xClose(REAL(file));
}

static int on_read(sqlite3_file *file, void *buffer, int size, sqlite3_int64 offset)
{
	return strike(false) ? SQLITE_IOERR_READ
			     : REAL(file)->pMethods->xRead(REAL(file), buffer, size, offset);
}

static int write_through(struct fault_file *f, const void *data, int size, sqlite3_int64 offset)
{
	if (f->platter)
		add_change(f->platter, data, (size_t)size, offset);
	return f->real->pMethods->xWrite(f->real, data, size, offset);
}

static int on_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
	struct fault_file *f = (struct fault_file *)file;
	bool was_off = disk.is_off;
	enum fault fault = strike(true);

	if (fault == FAULT_NONE)
		return write_through(f, data, size, offset);
	if (fault == FAULT_SHORT)
		write_through(f, data, size / 2, offset);
	if (fault == FAULT_SHORT || fault == FAULT_FULL)
		return SQLITE_FULL;
	/* The power went while it was on its way. */
	if (fault == FAULT_POWER && !was_off && f->platter)
		add_change(f->platter, data, (size_t)size, offset);
	return fault == FAULT_LOST ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct fault_file *f = (struct fault_file *)file;
	enum fault fault = strike(true);

	if (fault)
		return fault == FAULT_LOST ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
	if (f->platter)
		add_change(f->platter, NULL, 0, size);
	return f->real->pMethods->xTruncate(f->real, size);
}

static int on_sync(sqlite3_file *file, int flags)
{
	struct fault_file *f = (struct fault_file *)file;
	enum fault fault = strike(true);

	if (fault)
		return fault == FAULT_LOST ? SQLITE_OK : SQLITE_IOERR_FSYNC;
	if (f->platter)
		sync_platter(f->platter);
	return SQLITE_OK;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	return strike(false) ? SQLITE_IOERR_FSTAT
			     : REAL(file)->pMethods->xFileSize(REAL(file), ret);
}

static int on_lock(sqlite3_file *file, int lock)
{
	return strike(false) ? SQLITE_IOERR_LOCK : REAL(file)->pMethods->xLock(REAL(file), lock);
}

static int on_unlock(sqlite3_file *file, int lock)
{
	return REAL(file)->pMethods->xUnlock(REAL(file), lock);
}

static int on_is_reserved(sqlite3_file *file, int *ret)
{
	return REAL(file)->pMethods->xCheckReservedLock(REAL(file), ret);
}

static int on_control(sqlite3_file *file, int op, void *argument)
{
	return REAL(file)->pMethods->xFileControl(REAL(file), op, argument);
}

static int on_sector_size(sqlite3_file *file)
{
	return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int on_characteristics(sqlite3_file *file)
{
	return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static int on_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
	return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, ret);
}

static int on_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}

static void on_barrier(sqlite3_file *file)
{
	REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int on_unmap(sqlite3_file *file, int is_deleted)
{
	return REAL(file)->pMethods->xShmUnmap(REAL(file), is_deleted);
}

/* Version 2: no memory mapping, whose pages SQLite would read past this shim. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_unlock,
	.xCheckReservedLock = on_is_reserved,
	.xFileControl = on_control,
	.xSectorSize = on_sector_size,
	.xDeviceCharacteristics = on_characteristics,
	.xShmMap = on_map,
	.xShmLock = on_shm_lock,
	.xShmBarrier = on_barrier,
	.xShmUnmap = on_unmap,
};

/* A file system that is read-only lets SQLite open what exists for reading. */
static int read_only(const char *path, int *flags)
{
	if (!(*flags & SQLITE_OPEN_MAIN_DB) || access(path, F_OK) < 0)
		return SQLITE_CANTOPEN;
	*flags = (*flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
	return SQLITE_OK;
}

static int on_open(
	sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	struct fault_file *f = (struct fault_file *)file;
	bool is_new = path && access(path, F_OK) < 0;
	enum fault fault;
	int rc = SQLITE_OK;

	*f = (struct fault_file){.real = (sqlite3_file *)(f + 1)};
	fault = strike(is_new || disk.plan.fault == FAULT_READ_ONLY);
	if (fault == FAULT_READ_ONLY)
		rc = read_only(path, &flags);
	else if (fault && fault != FAULT_LOST)
		rc = SQLITE_CANTOPEN;
	if (rc == SQLITE_OK)
		rc = disk.real->xOpen(disk.real, path, f->real, flags, ret_flags);
	if (rc != SQLITE_OK)
		return rc;
	if (path && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))
		f->platter = platter_of(path, is_new);
	f->base.pMethods = &methods;
	return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
	struct platter *p = find(path);

	if (strike(true))
		return SQLITE_IOERR_DELETE;
	if (p)
		p->is_deleted = true;
	return disk.real->xDelete(disk.real, path, 0);
}

static int on_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret)
{
	return strike(false) ? SQLITE_IOERR_ACCESS
			     : disk.real->xAccess(disk.real, path, flags, ret);
}

const char *fault_vfs_name(enum fault fault)
{
	static const char *const text[FAULT_COUNT] = {"none", "EIO", "ENOSPC", "short write",
		"read-only", "lost write", "stall", "power cut"};

	return text[fault];
}

void fault_vfs_install(void)
{
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.pNext = NULL;
	disk.vfs.szOsFile = (int)sizeof(struct fault_file) + disk.real->szOsFile;
	disk.vfs.zName = "fault";
	disk.vfs.xOpen = on_open;
	disk.vfs.xDelete = on_delete;
	disk.vfs.xAccess = on_access;
	sqlite3_vfs_register(&disk.vfs, 1);
}

void fault_vfs_begin(const struct fault_plan *plan)
{
	for (unsigned i = 0; i < FILES_MAX; i++)
		forget(&disk.file[i]);
	disk.plan = *plan;
	disk.calls = 0;
	disk.has_struck = disk.is_off = false;
	disk.random = plan->seed;
}

void fault_vfs_fail(enum fault fault)
{
	disk.plan.fault = fault;
	disk.plan.at = disk.calls + 1;
	disk.plan.is_lasting = true;
}

void fault_vfs_heal(void)
{
	disk.plan.at = UINT32_MAX;
	disk.plan.is_lasting = false;
}

unsigned fault_vfs_calls(void)
{
	return disk.calls;
}

bool fault_vfs_has_struck(void)
{
	return disk.has_struck;
}

void fault_vfs_cut(void)
{
	disk.is_off = true;
}

/* Any part of what was written since the last sync; a later write may be there without an earlier
 * one. */
static void leave_some(struct platter *p)
{
	for (const struct change *c = p->first; c; c = c->next)
		switch (draw(3)) {
		case 0:
			apply(p, c, c->size);
			break;
		case 1:
			apply(p, c, c->size ? draw((unsigned)c->size) : 0);
			break;
		default:
			break;
		}
	drop_changes(p);
}

static void write_file(const struct platter *p)
{
	int fd = open(p->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, p->synced, p->size) != (ssize_t)p->size)
		abort();
	close(fd);
}

void fault_vfs_power_on(void)
{
	for (unsigned i = 0; i < FILES_MAX; i++) {
		struct platter *p = &disk.file[i];

		if (!p->path)
			continue;
		leave_some(p);
		if ((p->is_deleted || p->is_new) && draw(2))
			unlink(p->path);
		else
			write_file(p);
		forget(p);
	}
	disk.is_off = false;
	fault_vfs_heal();
}
