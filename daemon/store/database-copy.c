// SPDX-License-Identifier: MIT
#include "daemon/store/database-copy.h"

#include <errno.h>
#include <stdbool.h>

#include "daemon/store/database.h"

static sqlite3_file *file_of(sqlite3 *db)
{
	sqlite3_file *file = NULL;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return file && file->pMethods ? file : NULL;
}

/* A file that was begun anew has the usual setting again. */
static bool is_held(sqlite3 *db)
{
	return database_number(db, "PRAGMA wal_autocheckpoint", -1) == 0;
}

int database_copy_begin(sqlite3 *db, int64_t *ret_bytes)
{
	sqlite3_file *file = db ? file_of(db) : NULL;
	sqlite3_int64 bytes = 0;
	int in_log = 0, moved = 0, rc;

	if (!file)
		return -EAGAIN;
	rc = sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_TRUNCATE, &in_log, &moved);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xFileSize(file, &bytes);
	if (rc != SQLITE_OK)
		return database_errno(db, rc);
	if (in_log > moved)
		return -EBUSY;
	*ret_bytes = bytes;
	return database_run(db, "PRAGMA wal_autocheckpoint=0");
}

int database_copy_read(sqlite3 *db, int64_t offset, void *ret, size_t n)
{
	sqlite3_file *file = db && is_held(db) ? file_of(db) : NULL;

	if (!file)
		return -ESTALE;
	return database_errno(db, file->pMethods->xRead(file, ret, (int)n, offset));
}

void database_copy_end(sqlite3 *db)
{
	if (db && is_held(db))
		database_run(db, "PRAGMA wal_autocheckpoint=" DATABASE_CHECKPOINT_PAGES);
}
