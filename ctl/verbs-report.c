// SPDX-License-Identifier: MIT
#include "config.h"

#include "ctl/verbs-report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/client.h"
#include "ctl/names.h"
#include "ctl/out.h"
#include "ctl/program.h"
#include "ctl/scrub.h"

struct report {
	struct ctl *ctl;
	FILE *out;
	struct scrub scrub;
};

/* --- names --- */

/* All that the configuration names: "[kit NAME]", "[wearable NAME]", "athlete = NAME". */
static void learn_line(struct scrub *scrub, char *line)
{
	static const char *const heads[] = {"kit", "wearable"};
	size_t length = strlen(line);

	if (strncmp(line, "athlete = ", 10) == 0)
		scrub_learn(scrub, "athlete", line + 10, true);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		size_t n = strlen(heads[i]);

		if (line[0] != '[' || strncmp(line + 1, heads[i], n) != 0 || line[n + 1] != ' ')
			continue;
		line[length - 1] = '\0';
		scrub_learn(scrub, heads[i], line + n + 2, false);
	}
}

static void learn_configuration(struct scrub *scrub, const char *text)
{
	_auto_free_ char *copy = alloc_text(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		learn_line(scrub, line);
}

static void learn_states(struct scrub *scrub, const json_t *states)
{
	json_t *names = names_of(states), *name;
	size_t i;

	for (size_t kind = 0; kind < NAMES_KIND_COUNT; kind++)
		json_array_foreach(json_object_get(names, names_kind(kind)), i, name)
			scrub_learn(scrub, names_kind(kind), json_string_value(name),
				strcmp(names_kind(kind), "athlete") == 0);
	json_decref(names);
}

/* --- parts --- */

static void add(struct report *r, const char *head, const char *text)
{
	_auto_free_ char *clean = scrub_text(&r->scrub, text);

	fprintf(r->out, "=== %s\n%s\n", head, clean);
}

static void add_program(struct report *r, const char *head, const char *const *words)
{
	_auto_free_ char *text = NULL;

	if (program_run(words, &text) == PROGRAM_NOT_FOUND)
		fprintf(r->out, "=== %s\n(there is no %s)\n\n", head, words[0]);
	else
		add(r, head, text);
}

static void add_versions(struct report *r)
{
	static const char *const kernel[] = {"uname", "-srvm", NULL};
	static const char *const bluez[] = {"bluetoothctl", "--version", NULL};
	static const char *const coxad[] = {"coxad", "--version", NULL};
	static const char *const packages[] = {"dpkg-query", "-W", "coxad", "bluez", "mosquitto",
		"systemd", "dbus", "libc6", "libsystemd0", "libdbus-1-3", "libjansson4", "libssl3",
		"libpaho-mqtt1.3", "libsqlite3-0", "libarchive13", NULL};

	fprintf(r->out, "=== coxactl\n%s\n\n", PACKAGE_STRING);
	add_program(r, "coxad", coxad);
	add_program(r, "BlueZ", bluez);
	add_program(r, "kernel", kernel);
	add_program(r, "packages", packages);
}

/* Comments say nothing new. */
static char *settings_of(const char *text)
{
	char *kept = alloc_zero(1, strlen(text) + 2), *end = kept;

	while (*text) {
		size_t length = strcspn(text, "\n");

		if (length && text[0] != '#')
			end += sprintf(end, "%.*s\n", (int)length, text);
		text += length + (text[length] == '\n');
	}
	return kept;
}

static void add_all(struct report *r, const char *configuration, const json_t *states)
{
	const char *config = r->ctl->config;
	const char *const doctor[] = {"/proc/self/exe", "--json", "doctor", config, NULL};
	static const char *const journal[] = {"journalctl", "--unit=coxad", "--since=-1h",
		"--no-pager", "--quiet", "--output=short-iso", NULL};
	_auto_free_ char *settings = settings_of(configuration);
	_auto_free_ char *told = states ? json_dumps(states, JSON_INDENT(1)) : NULL;

	add_versions(r);
	add(r, "configuration", settings);
	add(r, "what coxad tells", told ? told : "(nothing)");
	add_program(r, "doctor", doctor);
	add_program(r, "the last hour of the journal", journal);
}

/* --- the verb --- */

static int write_report(struct ctl *ctl, FILE *out)
{
	const char *const words[] = {
		"coxad", "--print-config", ctl->config ? "--config" : NULL, ctl->config, NULL};
	struct report r = {.ctl = ctl, .out = out, .scrub = {.keeps_names = ctl->is_names}};
	_auto_free_ char *configuration = NULL;
	json_t *states = NULL;

	program_run(words, &configuration);
	learn_configuration(&r.scrub, configuration);
	/* That it does not run, and why, is worth a report. */
	client_document(ctl, "Status", &states);
	if (states)
		learn_states(&r.scrub, states);
	add_all(&r, configuration, states);
	json_decref(states);
	scrub_done(&r.scrub);
	return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}

int verbs_report_run(struct ctl *ctl, int argc, char **argv)
{
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	int r;

	if (!out) {
		out_message("%s: %s", argv[1], strerror(errno));
		return CTL_FAILED;
	}
	r = write_report(ctl, out);
	fclose(out);
	if (r < 0) {
		out_message("%s: cannot be written", argv[1]);
		unlink(argv[1]);
		return CTL_FAILED;
	}
	if (!ctl->is_json)
		printf("Read %s before you give it to others: names are replaced, but it tells what "
		       "happened in the last hour.\n",
			argv[1]);
	return CTL_OK;
}
