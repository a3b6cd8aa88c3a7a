// SPDX-License-Identifier: MIT
#include "ctl/backup-manifest.h"

#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"

#define FORMAT      "coxad-backup"
#define KIB         (INT64_C(1) << 10)
#define CONF_BYTES  (KIB << 10)
#define STATE_BYTES (KIB << 20)
#define BOND_BYTES  (64 * KIB)
#define NAME_MAX_   200

static const char *after(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

static bool is_conf(const char *name)
{
	const char *drop_in = after(name, "etc/coxad.conf.d/");
	size_t length = drop_in ? strlen(drop_in) : 0;

	if (strcmp(name, "etc/coxad.conf") == 0)
		return true;
	return length > 5 && drop_in[0] != '.' && !strchr(drop_in, '/') &&
	       strcmp(drop_in + length - 5, ".conf") == 0;
}

static bool is_state(const char *name)
{
	static const char *const known[] = {"history.db", "logbook.db", "outbox.db"};
	const char *file = after(name, "state/");

	for (size_t i = 0; file && i < ARRAY_LEN(known); i++) {
		const char *rest = after(file, known[i]);

		if (rest && (!rest[0] || strcmp(rest, "-wal") == 0))
			return true;
	}
	return false;
}

static bool is_address(const char *text)
{
	char word[ADDRESS_SIZE] = "", address[ADDRESS_SIZE];

	memcpy(word, text, strnlen(text, ADDRESS_SIZE - 1));
	return address_from_string(word, address) == 0 && strcmp(word, address) == 0;
}

/* bluetooth/ADAPTER/DEVICE/info */
static bool is_bond(const char *name)
{
	const char *adapter = after(name, "bluetooth/");
	const char *device = adapter ? adapter + ADDRESS_SIZE : NULL;

	return adapter && strlen(adapter) == 2 * ADDRESS_SIZE + strlen("info") &&
	       device[-1] == '/' && is_address(adapter) && is_address(device) &&
	       strcmp(device + ADDRESS_SIZE - 1, "/info") == 0;
}

int64_t backup_manifest_limit(const char *name)
{
	if (strlen(name) > NAME_MAX_)
		return 0;
	if (strcmp(name, BACKUP_MANIFEST_NAME) == 0 || is_conf(name))
		return CONF_BYTES;
	if (is_state(name))
		return STATE_BYTES;
	return is_bond(name) ? BOND_BYTES : 0;
}

json_t *backup_manifest_new(const char *coxad, int64_t made_us)
{
	return json_pack("{s:s,s:i,s:s,s:I,s:[]}", "format", FORMAT, "version",
		BACKUP_MANIFEST_VERSION, "coxad", coxad, "made_us", (json_int_t)made_us, "files");
}

void backup_manifest_add(
	json_t *manifest, const char *name, int64_t bytes, const char *sum, int64_t schema)
{
	json_t *file =
		json_pack("{s:s,s:I,s:s}", "name", name, "bytes", (json_int_t)bytes, "sha256", sum);

	if (schema)
		json_object_set_new(file, "schema", json_integer(schema));
	json_array_append_new(json_object_get(manifest, "files"), file);
}

static bool is_file(const json_t *file)
{
	const char *name = json_string_value(json_object_get(file, "name"));
	const char *sum = json_string_value(json_object_get(file, "sha256"));
	const json_t *bytes = json_object_get(file, "bytes");

	return name && sum && strlen(sum) == BACKUP_MANIFEST_SUM_SIZE - 1 &&
	       json_is_integer(bytes) && json_integer_value(bytes) >= 0 &&
	       json_integer_value(bytes) <= backup_manifest_limit(name);
}

static const char *objection(const json_t *manifest)
{
	const char *format = json_string_value(json_object_get(manifest, "format"));
	const json_t *version = json_object_get(manifest, "version");
	const json_t *files = json_object_get(manifest, "files");
	json_t *file;
	size_t i;

	if (!format || strcmp(format, FORMAT) != 0 || !json_is_integer(version))
		return "it is no backup of coxad";
	if (json_integer_value(version) > BACKUP_MANIFEST_VERSION)
		return "it was made by a newer coxad: install that one first";
	if (!json_is_integer(json_object_get(manifest, "made_us")) || !json_is_array(files) ||
		json_array_size(files) > BACKUP_MANIFEST_FILES)
		return "its manifest is damaged";
	json_array_foreach(files, i, file) if (!is_file(file)) return "its manifest is damaged";
	return NULL;
}

json_t *backup_manifest_parse(const char *text, size_t size, const char **ret_why)
{
	json_t *manifest = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);

	*ret_why = manifest ? objection(manifest) : "its manifest is damaged";
	if (!*ret_why)
		return manifest;
	json_decref(manifest);
	return NULL;
}

/* What both have of a file. */
static bool is_same(const json_t *file, const json_t *found)
{
	return json_equal(json_object_get(file, "bytes"), json_object_get(found, "bytes")) &&
	       json_equal(json_object_get(file, "sha256"), json_object_get(found, "sha256"));
}

char *backup_manifest_compare(const json_t *manifest, const json_t *files)
{
	const json_t *promised = json_object_get(manifest, "files");
	json_t *file;
	size_t i;

	json_array_foreach(promised, i, file)
	{
		const char *name = json_string_value(json_object_get(file, "name"));
		const json_t *found = json_object_get(files, name);

		if (!found)
			return alloc_printf("%s is missing in it", name);
		if (!is_same(file, found))
			return alloc_printf("the checksum of %s is wrong: it is damaged", name);
	}
	if (json_object_size(files) != json_array_size(promised))
		return alloc_text("it has files that its manifest does not name, or one twice");
	return NULL;
}
