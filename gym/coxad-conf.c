// SPDX-License-Identifier: MIT
#include "gym/coxad-conf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

static void put_wearable(FILE *file, const struct script *script, const struct script_wearable *w)
{
	fprintf(file, "\n[wearable %s]\naddress = ", w->name);
	for (const char *c = w->address; *c; c++)
		fputc(toupper((unsigned char)*c), file);
	fprintf(file, "\nkit = %s\nplacement = %s\n", script->kit[w->kit].name,
		placement_to_string(w->placement));
}

int coxad_conf_write(const struct script *script, const char *broker, const char *path)
{
	FILE *file = fopen(path, "we");
	int r = 0;

	if (!file)
		return -errno;
	fprintf(file, "# Fits the gym script %s.\n[gateway]\nname = %s\nsite = %s\n", script->name,
		script->gateway, script->site);
	if (broker)
		fprintf(file, "\n[mqtt]\nbroker = %s\n", broker);
	for (size_t i = 0; i < script->n_kits; i++) {
		const struct script_kit *kit = &script->kit[i];

		fprintf(file, "\n[kit %s]\nexercise = %s\n", kit->name,
			exercise_to_string(kit->exercise));
		if (kit->athlete < script->n_athletes)
			fprintf(file, "athlete = %s\n", script->athlete[kit->athlete].name);
	}
	for (size_t i = 0; i < script->n_wearables; i++)
		put_wearable(file, script, &script->wearable[i]);
	if (ferror(file))
		r = -EIO;
	if (fclose(file) != 0 && r == 0)
		r = -errno;
	return r;
}
