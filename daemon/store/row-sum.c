// SPDX-License-Identifier: MIT
#include "daemon/store/row-sum.h"

#include <stdint.h>

#include "coxad/base/hash.h"
#include "daemon/store/database.h"

static uint64_t add_value(uint64_t sum, sqlite3_value *value)
{
	int type = sqlite3_value_type(value);
	uint64_t number = type == SQLITE_INTEGER ? (uint64_t)sqlite3_value_int64(value) : 0;
	const void *bytes = type == SQLITE_INTEGER ? NULL : sqlite3_value_blob(value);
	uint8_t head[9] = {(uint8_t)type};

	if (bytes)
		number = (uint64_t)sqlite3_value_bytes(value);
	for (unsigned i = 0; i < 8; i++)
		head[1 + i] = (uint8_t)(number >> 8 * i);
	sum = hash_bytes(sum, head, sizeof(head));
	return bytes ? hash_bytes(sum, bytes, (size_t)number) : sum;
}

static void row_sum(sqlite3_context *context, int n, sqlite3_value **values)
{
	uint64_t sum = HASH_START;

	for (int i = 0; i < n; i++)
		sum = add_value(sum, values[i]);
	sqlite3_result_int64(context, (sqlite3_int64)(sum & INT64_MAX));
}

int row_sum_connect(sqlite3 *db)
{
	return database_errno(db, sqlite3_create_function_v2(db, "row_sum", -1,
					  SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
					  NULL, row_sum, NULL, NULL, NULL));
}
