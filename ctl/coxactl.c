// SPDX-License-Identifier: MIT
/* Control coxad over the system bus: options, then a verb of the table. */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/out.h"
#include "ctl/verb.h"

enum {
	OPTION_JSON = 256,
	OPTION_NAMES,
	OPTION_BY,
	OPTION_SINCE,
	OPTION_LIMIT,
	OPTION_FIX,
	OPTION_CONFIG,
	OPTION_STOP,
	OPTION_YES,
	OPTION_KIT,
	OPTION_PLACEMENT,
	OPTION_EXERCISE,
	OPTION_ADDRESS,
	OPTION_SITE,
	OPTION_GATEWAY,
	OPTION_BROKER,
	OPTION_USERNAME
};

static const struct option options[] = {
	{"json", no_argument, NULL, OPTION_JSON},
	{"names", no_argument, NULL, OPTION_NAMES},
	{"by", required_argument, NULL, OPTION_BY},
	{"since", required_argument, NULL, OPTION_SINCE},
	{"limit", required_argument, NULL, OPTION_LIMIT},
	{"fix", no_argument, NULL, OPTION_FIX},
	{"config", required_argument, NULL, OPTION_CONFIG},
	{"stop", no_argument, NULL, OPTION_STOP},
	{"yes", no_argument, NULL, OPTION_YES},
	{"kit", required_argument, NULL, OPTION_KIT},
	{"placement", required_argument, NULL, OPTION_PLACEMENT},
	{"exercise", required_argument, NULL, OPTION_EXERCISE},
	{"address", required_argument, NULL, OPTION_ADDRESS},
	{"site", required_argument, NULL, OPTION_SITE},
	{"gateway", required_argument, NULL, OPTION_GATEWAY},
	{"broker", required_argument, NULL, OPTION_BROKER},
	{"username", required_argument, NULL, OPTION_USERNAME},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static int usage(FILE *file, int status)
{
	verb_print_usage(file, "coxactl");
	fputs("\n"
	      "  --json         one JSON document; with watch, one for each event\n"
	      "  --names        with list: names alone\n"
	      "  --by NAME      who decides, with acknowledge, override and symptom\n"
	      "  --since TIME   with history: not before, as 2026-12-01T00:00:00Z; or a cursor\n"
	      "  --limit N      with history: at most so many\n"
	      "  --fix          with doctor: mend what can be mended without harm\n"
	      "  --kit KIT, --placement PLACEMENT, --exercise EXERCISE, --address ADDRESS\n"
	      "                 with adopt and replace: see coxactl(1)\n"
	      "  --site SITE, --gateway NAME, --broker URL, --username USER\n"
	      "                 with setup: what is not asked for then\n"
	      "  --config FILE  where a verb reads or writes the configuration: if not the usual\n"
	      "  --stop         with restore: stop coxad first, and start it in the end\n"
	      "  --yes          with erase: do not ask\n"
	      "  --help, --version\n"
	      "\n"
	      "Exit status: 0 success, 1 failure, 2 bad usage, 69 coxad is not running;\n"
	      "of doctor: 0 nothing is wrong, 1 warnings, 2 failures.\n"
	      "See coxactl(1).\n",
		file);
	return status;
}

#define LIMIT_MAX 1000000

static int take_limit(struct ctl *ctl, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (end == text || *end || text[0] == '-' || number < 1 || number > LIMIT_MAX) {
		out_message("--limit takes a whole number from 1 to %d", LIMIT_MAX);
		return -EINVAL;
	}
	ctl->limit = (unsigned)number;
	return 0;
}

static int take_text(struct ctl *ctl, int option)
{
	const char **text[] = {&ctl->kit, &ctl->placement, &ctl->exercise, &ctl->address,
		&ctl->site, &ctl->gateway, &ctl->broker, &ctl->username};

	if (option < OPTION_KIT || option > OPTION_USERNAME)
		return -EINVAL;
	*text[option - OPTION_KIT] = optarg;
	return 0;
}

static int take(struct ctl *ctl, int option)
{
	switch (option) {
	case OPTION_JSON:
		ctl->is_json = true;
		return 0;
	case OPTION_NAMES:
		ctl->is_names = true;
		return 0;
	case OPTION_BY:
		ctl->by = optarg;
		return 0;
	case OPTION_SINCE:
		ctl->since = optarg;
		return 0;
	case OPTION_LIMIT:
		return take_limit(ctl, optarg);
	case OPTION_FIX:
		ctl->is_fix = true;
		return 0;
	case OPTION_CONFIG:
		ctl->config = optarg;
		return 0;
	case OPTION_STOP:
		ctl->is_stop = true;
		return 0;
	case OPTION_YES:
		ctl->is_yes = true;
		return 0;
	default:
		return take_text(ctl, option);
	}
}

static int no_such_verb(const char *name)
{
	const char *nearest = verb_nearest(name);

	out_message("there is no verb %s; did you mean %s? coxactl --help lists them all", name,
		nearest ? nearest : "status");
	return CTL_USAGE;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	const struct verb *verb;

	if (argc < 1)
		return usage(stderr, CTL_USAGE);
	verb = verb_find(argv[0]);
	if (!verb)
		return no_such_verb(argv[0]);
	if (verb_check(verb, argc, argv) < 0)
		return CTL_USAGE;
	return verb->run(ctl, argc, argv);
}

/* Output that could not be written is a failure. */
static int finish(int status)
{
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == CTL_OK && errno != EPIPE)
		return CTL_FAILED;
	return status;
}

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	int option, status;

	signal(SIGPIPE, SIG_IGN);
	while ((option = getopt_long(argc, argv, "hV", options, NULL)) != -1) {
		if (option == 'h')
			return finish(usage(stdout, CTL_OK));
		if (option == 'V') {
			puts(PACKAGE_STRING);
			return finish(CTL_OK);
		}
		if (take(&ctl, option) < 0)
			return CTL_USAGE;
	}
	status = run(&ctl, argc - optind, argv + optind);
	sd_bus_flush_close_unref(ctl.bus);
	return finish(status);
}
