// SPDX-License-Identifier: MIT
#include "ctl/verbs-train.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/command.h"
#include "ctl/out.h"

/* Who decides: --by, or whoever is logged in, through sudo too. */
static const char *by(const struct ctl *ctl)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user = getpwuid(getuid());

	if (ctl->by)
		return ctl->by;
	return sudo && sudo[0] ? sudo : user ? user->pw_name : "coxactl";
}

static int argument(json_t *payload, const char *key, int n, int argc, char **argv)
{
	return n < argc ? json_object_set_new(payload, key, json_string(argv[n])) : 0;
}

static int run(struct ctl *ctl, const char *verb, json_t *payload, int error)
{
	int status;

	if (error < 0) {
		json_decref(payload);
		payload = NULL;
	}
	status = command_run(ctl, verb, payload, NULL);
	if (status == CTL_OK && ctl->is_json)
		puts("{\"ok\": true}");
	return status;
}

int verbs_train_session(struct ctl *ctl, int argc, char **argv)
{
	bool is_start = strcmp(argv[1], "start") == 0;
	json_t *payload = json_object();
	int error = argument(payload, "kit", 2, argc, argv);

	if (!is_start && argc > 3) {
		json_decref(payload);
		out_message("session end takes a kit alone");
		return CTL_USAGE;
	}
	error |= argument(payload, "athlete", 3, argc, argv);
	error |= argument(payload, "exercise", 4, argc, argv);
	return run(ctl, is_start ? "session-start" : "session-end", payload, error);
}

int verbs_train_symptom(struct ctl *ctl, int argc, char **argv)
{
	json_t *payload = json_object();
	int error = argument(payload, "athlete", 1, argc, argv);
	char *end = NULL;
	long intensity = argc > 5 ? strtol(argv[5], &end, 10) : 0;

	if (argc > 5 && (end == argv[5] || *end || intensity < 0 || intensity > 10)) {
		json_decref(payload);
		out_message("INTENSITY is a whole number from 0 to 10");
		return CTL_USAGE;
	}
	error |= argument(payload, "code", 2, argc, argv);
	error |= argument(payload, "site", 3, argc, argv);
	error |= argument(payload, "side", 4, argc, argv);
	if (argc > 5)
		error |= json_object_set_new(payload, "intensity", json_integer(intensity));
	error |= json_object_set_new(payload, "source", json_string(by(ctl)));
	return run(ctl, "symptom", payload, error);
}

int verbs_train_acknowledge(struct ctl *ctl, int argc, char **argv)
{
	json_t *payload = json_object();
	int error = argument(payload, "alert", 1, argc, argv);

	error |= json_object_set_new(payload, "by", json_string(by(ctl)));
	return run(ctl, "acknowledge", payload, error);
}

int verbs_train_override(struct ctl *ctl, int argc, char **argv)
{
	json_t *payload = json_object();
	int error = argument(payload, "pop", 1, argc, argv);

	error |= argument(payload, "class", 2, argc, argv);
	error |= argument(payload, "reason", 3, argc, argv);
	error |= json_object_set_new(payload, "by", json_string(by(ctl)));
	return run(ctl, "override", payload, error);
}
