// SPDX-License-Identifier: MIT
/* The manifest of a backup, and the names in it: what is taken names nothing outside of the places that a backup
 * has, and a manifest that is taken agrees with the files that it names. */
#include "tests/fuzz/fuzz-main.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/backup-manifest.h"

static void expect(bool is_true)
{
	if (!is_true)
		abort();
}

static void check_name(const char *name)
{
	static const char *const places[] = {
		"etc/coxad.conf", "state/", "bluetooth/", "manifest.json"};
	bool is_placed = false;

	if (!backup_manifest_limit(name))
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		is_placed |= strncmp(name, places[i], strlen(places[i])) == 0;
	expect(is_placed && !strstr(name, "/.") && !strstr(name, "//") &&
		name[strlen(name) - 1] != '/');
}

static json_t *files_of(const json_t *manifest)
{
	json_t *files = json_object(), *file;
	size_t i;

	json_array_foreach(json_object_get(manifest, "files"), i, file)
	{
		const char *name = json_string_value(json_object_get(file, "name"));

		check_name(name);
		json_object_set_new(files, name,
			json_pack("{s:O,s:O}", "bytes", json_object_get(file, "bytes"), "sha256",
				json_object_get(file, "sha256")));
	}
	return files;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = NULL;
	json_t *manifest = backup_manifest_parse((const char *)data, size, &why), *files, *none;
	char name[256] = "";

	memcpy(name, data, size < sizeof(name) ? size : sizeof(name) - 1);
	check_name(name);
	expect(!manifest == (why != NULL));
	if (!manifest)
		return 0;
	files = files_of(manifest);
	none = json_object();
	why = backup_manifest_compare(manifest, files);
	/* A name may be there twice, with other sums. */
	expect(!why || json_array_size(json_object_get(manifest, "files")) > 1);
	free((char *)why);
	why = backup_manifest_compare(manifest, none);
	expect(!why == !json_array_size(json_object_get(manifest, "files")));
	free((char *)why);
	json_decref(none);
	json_decref(files);
	json_decref(manifest);
	return 0;
}
