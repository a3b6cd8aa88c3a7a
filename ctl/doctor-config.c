// SPDX-License-Identifier: MIT
#include "ctl/doctor-config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/topic.h"

#define OUTPUT_BYTES 2048
/* What a shell calls a program that is not there. */
#define NOT_FOUND 127

static void be_checker(const char *config, int fd)
{
	const char *path = getenv("PATH");
	/* Where coxad is, though perhaps not for every user. */
	char *wide =
		alloc_printf("%s%s/usr/local/sbin:/usr/sbin", path ? path : "", path ? ":" : "");

	setenv("PATH", wide, true);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execlp("coxad", "coxad", "--check-config", config ? "--config" : NULL, config, NULL);
	_exit(NOT_FOUND);
}

static void read_all(int fd, char ret[static OUTPUT_BYTES])
{
	size_t used = 0;
	char rest[256];
	ssize_t n;

	do {
		bool is_full = used == OUTPUT_BYTES - 1;

		n = is_full ? read(fd, rest, sizeof(rest))
			    : read(fd, ret + used, OUTPUT_BYTES - 1 - used);
		if (n > 0 && !is_full)
			used += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	ret[used] = '\0';
}

/* What `coxad --check-config` says, and its exit status. */
static int run_checker(const char *config, char ret[static OUTPUT_BYTES])
{
	int ends[2], status = 0;
	pid_t pid;

	ret[0] = '\0';
	if (pipe(ends) < 0)
		return NOT_FOUND;
	pid = fork();
	if (pid == 0)
		be_checker(config, ends[1]);
	close(ends[1]);
	if (pid > 0)
		read_all(ends[0], ret);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : NOT_FOUND;
}

static bool takes(char **line, const char *prefix)
{
	if (strncmp(*line, prefix, strlen(prefix)) != 0)
		return false;
	*line += strlen(prefix);
	return true;
}

/* Leaves the errors in `output`. The hash, borrowed from it; NULL: there is none. */
static char *split(char output[static OUTPUT_BYTES], char ret_errors[static OUTPUT_BYTES])
{
	char *hash = NULL, *rest = output, *line;

	ret_errors[0] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		if (takes(&line, "config_hash "))
			hash = line;
		else if (line[0] && !takes(&line, "note: "))
			strcat(strcat(ret_errors, ret_errors[0] ? "\n" : ""), line);
	}
	return hash;
}

static const char *hash_in_force(const json_t *states)
{
	const char *topic;
	json_t *payload;

	json_object_foreach((json_t *)states, topic,
		payload) if (topic_is(topic, "gateway",
				     "status")) return json_string_value(json_object_get(payload,
		"config_hash"));
	return NULL;
}

void doctor_config_check(struct doctor *d)
{
	char output[OUTPUT_BYTES], errors[OUTPUT_BYTES];
	int status = run_checker(d->config, output);
	const char *hash = split(output, errors), *in_force = hash_in_force(d->states);

	if (status == EX_CONFIG)
		doctor_note(d, DOCTOR_FAILURE, "config_wrong", "config",
			"coxad would not start again, and a reload is refused:\n%s", errors);
	else if (status != EXIT_SUCCESS || !hash)
		doctor_note(d, DOCTOR_WARNING, "config_not_checked", "config",
			"coxad --check-config did not work, so nothing is known of the configuration%s%s",
			errors[0] ? ":\n" : ".", errors);
	else if (in_force && strcmp(hash, in_force) != 0)
		doctor_note(d, DOCTOR_WARNING, "config_not_loaded", "config",
			"The configuration was changed, but coxad still works with the earlier one: sudo "
			"coxactl reload, which also says what needs a restart.");
}
