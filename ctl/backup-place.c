// SPDX-License-Identifier: MIT
#include "ctl/backup-place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "coxad/base/alloc.h"
#include "ctl/program.h"

/* StateDirectory= of coxad.service. */
#define STATE     "/var/lib/coxad"
#define BLUETOOTH "/var/lib/bluetooth"

static char *from_environment(const char *name, const char *usual)
{
	const char *value = getenv(name);

	return alloc_text(value && value[0] ? value : usual);
}

/* The value of "key = value"; NULL: it is another line. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && strncmp(line + length, " = ", 3) == 0
		       ? line + length + 3
		       : NULL;
}

/* The name in "[wearable NAME]", cut off; NULL: it is another line. */
static char *wearable_of(char *line)
{
	static const char head[] = "[wearable ";
	size_t length = strlen(line);

	if (strncmp(line, head, sizeof(head) - 1) != 0 || line[length - 1] != ']')
		return NULL;
	line[length - 1] = '\0';
	return line + sizeof(head) - 1;
}

/* What coxad --print-config prints. */
static void take(struct backup_place *place, char *text)
{
	const char *wearable = NULL, *value;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (line[0] == '[')
			wearable = wearable_of(line);
		else if (wearable && (value = value_of(line, "address")))
			json_object_set_new(place->wearables, value, json_string(wearable));
		else if ((value = value_of(line, "state-directory"))) {
			free(place->state);
			place->state = alloc_text(value);
		}
	}
}

int backup_place_find(struct backup_place *place, const char *config, char **ret_errors)
{
	const char *const words[] = {
		"coxad", "--print-config", config ? "--config" : NULL, config, NULL};
	char *output;
	int status;

	*ret_errors = NULL;
	*place = (struct backup_place){
		.config = alloc_text(config ? config : SYSCONFDIR "/coxad/coxad.conf"),
		.state = from_environment("STATE_DIRECTORY", STATE),
		.bluetooth = from_environment("COXAD_BLUETOOTH_STATE", BLUETOOTH),
		.wearables = json_object()};
	status = program_run(words, &output);
	if (status == EXIT_SUCCESS) {
		take(place, output);
		free(output);
		return 0;
	}
	*ret_errors = output;
	return status == EX_CONFIG ? -EINVAL : -ENOENT;
}

void backup_place_done(struct backup_place *place)
{
	free(place->config);
	free(place->state);
	free(place->bluetooth);
	json_decref(place->wearables);
}
