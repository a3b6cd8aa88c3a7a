// SPDX-License-Identifier: MIT
#include "daemon/main/check-config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "coxad/config/conf-notes.h"
#include "coxad/loop/journal.h"
#include "coxad/mqtt/broker-files.h"

/* sysusers.d/coxad.conf */
#define SERVICE_USER "coxad"

static void on_note(void *user, enum conf_note_kind kind, const char *note)
{
	fprintf(stderr, "note: %s\n", note);
}

static void on_file(void *user, enum broker_files_verdict verdict, const char *text)
{
	int *status = user;

	if (verdict == BROKER_FILES_UNUSABLE)
		*status = EX_CONFIG;
	fprintf(stderr, "%s%s\n", verdict == BROKER_FILES_NOTE ? "note: " : "", text);
}

/* What does not exist yet is made at the start, or told then. */
static int check_state_directory(const char *path)
{
	struct stat st;
	bool is_fine;

	if (!path)
		return EXIT_SUCCESS;
	is_fine = stat(path, &st) == 0 ? S_ISDIR(st.st_mode) : errno != ENOTDIR;
	if (is_fine)
		return EXIT_SUCCESS;
	fprintf(stderr, "state-directory = %s: not a directory\n", path);
	return EX_CONFIG;
}

int check_config_run(const struct conf *conf)
{
	int status = check_state_directory(conf->gateway.state_directory);

	conf_notes(conf, on_note, NULL);
	broker_files_check(conf, SERVICE_USER, on_file, &status);
	/* To compare with that of what is in force. */
	if (status == EXIT_SUCCESS)
		printf("config_hash %s\n", conf->hash);
	return status;
}

static void log_note(void *user, enum conf_note_kind kind, const char *note)
{
	if (kind == CONF_NOTE_CERTAIN)
		journal_write(LOG_WARNING, "config", "%s", note);
}

void check_config_log(const struct conf *conf)
{
	conf_notes(conf, log_note, NULL);
}
