// SPDX-License-Identifier: MIT
#pragma once
/* What a backup consists of: which names may be in it, and its manifest.json: {format, version, coxad, made,
 * made_us, files: [{name, bytes, sha256, schema}]}. Pure values.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BACKUP_MANIFEST_NAME    "manifest.json"
#define BACKUP_MANIFEST_VERSION 1
#define BACKUP_MANIFEST_FILES   4096
/* SHA-256 as digits, and its end. */
#define BACKUP_MANIFEST_SUM_SIZE 65

/* Of an entry with that name; 0: no backup has such a one. */
int64_t backup_manifest_limit(const char *name);
/* made_us: by the wall clock. Returns-owned. */
json_t *backup_manifest_new(const char *coxad, int64_t made_us);
/* schema: user_version of a database, 0: it is none. */
void backup_manifest_add(
	json_t *manifest, const char *name, int64_t bytes, const char *sum, int64_t schema);
/* Returns-owned; NULL: it is none, and *ret_why says why, borrowed for life. */
json_t *backup_manifest_parse(const char *text, size_t size, const char **ret_why);
/* files: {name: {bytes, sha256}}, as they were read. What is wrong, returns-owned; NULL: nothing. */
char *backup_manifest_compare(const json_t *manifest, const json_t *files);
