// SPDX-License-Identifier: MIT
#include "ctl/doctor-config.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "coxad/base/alloc.h"
#include "ctl/program.h"
#include "ctl/topic.h"

static bool takes(char **line, const char *prefix)
{
	if (strncmp(*line, prefix, strlen(prefix)) != 0)
		return false;
	*line += strlen(prefix);
	return true;
}

/* The hash, borrowed from output, which it changes; NULL: there is none. *ret_errors is returns-owned. */
static char *split(char *output, char **ret_errors)
{
	char *hash = NULL, *rest = output, *line, *errors = alloc_zero(1, 2 * strlen(output) + 1);

	*ret_errors = errors;
	while ((line = strsep(&rest, "\n"))) {
		if (takes(&line, "config_hash "))
			hash = line;
		else if (line[0] && !takes(&line, "note: "))
			strcat(strcat(errors, errors[0] ? "\n" : ""), line);
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
	const char *const words[] = {
		"coxad", "--check-config", d->config ? "--config" : NULL, d->config, NULL};
	_auto_free_ char *output = NULL, *errors = NULL;
	int status = program_run(words, &output);
	const char *hash = split(output, &errors), *in_force = hash_in_force(d->states);

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
