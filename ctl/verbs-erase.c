// SPDX-License-Identifier: MIT
#include "ctl/verbs-erase.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/ask.h"
#include "ctl/client.h"
#include "ctl/out.h"
#include "ctl/topic.h"

/* CTL_OK: go on. */
static int confirm(const struct ctl *ctl, const char *athlete)
{
	_auto_free_ char *typed = NULL;

	if (ctl->is_yes)
		return CTL_OK;
	if (!ask_is_possible()) {
		out_message("without a terminal, --yes has to confirm it; nothing was erased");
		return CTL_USAGE;
	}
	puts("All that coxad keeps about this athlete will be deleted for good, and with it damaged or old\n"
	     "databases that were put aside (*.bad, *.other, *.before-*), which may hold others.");
	typed = ask_line("Type the athlete's name to go on", "");
	if (typed && strcmp(typed, athlete) == 0)
		return CTL_OK;
	out_message("this is another name; nothing was erased");
	return CTL_FAILED;
}

static void print_wait(const char *waits_for)
{
	static const struct {
		const char *word, *text;
	} waits[] = {
		{"broker",
			"The broker is away, or refuses it: until it has removed the topics that it retains, "
			"coxad keeps their names. It keeps trying, even after a restart."},
		{"sessions",
			"Deleted data is overwritten on disk once no session and no backup is under way."},
		{"disk",
			"Deleted data is overwritten on disk once the disk can be written; see coxactl doctor."},
	};

	for (size_t i = 0; i < ARRAY_LEN(waits); i++)
		if (strcmp(waits[i].word, waits_for) == 0)
			puts(waits[i].text);
}

static void print_kits(const json_t *kits)
{
	const json_t *kit;
	size_t i;

	json_array_foreach(kits, i, kit)
	{
		fputs("The configuration still names this athlete: take the line `athlete` out of [kit ",
			stdout);
		out_clean(stdout, json_string_value(kit));
		puts("].");
	}
}

static int print(const json_t *result)
{
	json_int_t n = json_integer_value(json_object_get(result, "entries"));

	if (!n) {
		out_message("nothing is stored about an athlete of this name");
		return CTL_FAILED;
	}
	printf("%" JSON_INTEGER_FORMAT " entries were erased.\n", n);
	print_wait(topic_text(result, "waits_for"));
	print_kits(json_object_get(result, "kits"));
	puts("Recordings and backups that were made before still hold the athlete, and so may the journal and "
	     "whatever stores what the broker gave it.");
	return CTL_OK;
}

int verbs_erase_run(struct ctl *ctl, int argc, char **argv)
{
	struct client_call call = {CLIENT_ADMIN, "Erase", UINT64_MAX};
	sd_bus_message *reply = NULL;
	json_t *result = NULL;
	int status = confirm(ctl, argv[1]);

	if (status == CTL_OK)
		status = client_run(ctl, &call, &reply, "s", argv[1]);
	if (status == CTL_OK)
		status = client_parse(reply, &result);
	if (status == CTL_OK)
		status = ctl->is_json ? out_json(result) : print(result);
	json_decref(result);
	sd_bus_message_unref(reply);
	return status;
}
