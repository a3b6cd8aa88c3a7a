// SPDX-License-Identifier: MIT
#include "daemon/main/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

enum {
	OPTION_CONFIG = 256,
	OPTION_CHECK_CONFIG,
	OPTION_PRINT_CONFIG,
	OPTION_REPLAY,
	OPTION_RECORD,
	OPTION_PACE,
	OPTION_PRINT,
	OPTION_STATE,
	OPTION_LIST_DRIVERS,
	OPTION_DECODE,
	OPTION_EXPORT_ATHLETE,
	OPTION_ERASE_ATHLETE,
	OPTION_CHECK_STATE
};

static const struct option long_options[] = {
	{"config", required_argument, NULL, OPTION_CONFIG},
	{"check-config", no_argument, NULL, OPTION_CHECK_CONFIG},
	{"print-config", no_argument, NULL, OPTION_PRINT_CONFIG},
	{"replay", required_argument, NULL, OPTION_REPLAY},
	{"record", required_argument, NULL, OPTION_RECORD},
	{"pace", no_argument, NULL, OPTION_PACE},
	{"print", no_argument, NULL, OPTION_PRINT},
	{"state", required_argument, NULL, OPTION_STATE},
	{"list-drivers", no_argument, NULL, OPTION_LIST_DRIVERS},
	{"decode", required_argument, NULL, OPTION_DECODE},
	{"export-athlete", required_argument, NULL, OPTION_EXPORT_ATHLETE},
	{"erase-athlete", required_argument, NULL, OPTION_ERASE_ATHLETE},
	{"check-state", required_argument, NULL, OPTION_CHECK_STATE},
	{"version", no_argument, NULL, 'V'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

void options_print_help(void)
{
	printf("Usage: coxad [OPTION]...\n"
	       "Collects motion and sound from wearables, judges joint pops, publishes over MQTT.\n"
	       "\n"
	       "  --config FILE          configuration (and FILE.d/*.conf); default %s/coxad/coxad.conf\n"
	       "  --check-config         check the configuration, print its errors, exit\n"
	       "  --print-config         print the settings in force, exit\n"
	       "  --print                print messages instead of sending them to a broker\n"
	       "  --record CAPTURE       record everything received to a capture file\n"
	       "  --replay CAPTURE       process a capture instead of live wearables, print messages\n"
	       "  --pace                 with --replay: in real time, publishing to the broker\n"
	       "  --state DIR            with --replay: keep calibrations and athletes in DIR\n"
	       "  --list-drivers         print the supported wearables and what each provides\n"
	       "  --decode DRIVER        decode lines `characteristic-uuid hex` from standard input\n"
	       "  --export-athlete NAME  print everything stored about an athlete as JSON\n"
	       "  --erase-athlete NAME   delete everything stored about an athlete\n"
	       "  --check-state DIR      say whether the databases in DIR are whole and not too new\n"
	       "  --version, --help\n"
	       "\n"
	       "Exit status: 0 success, 1 failure, 2 bad usage, 78 bad configuration.\n"
	       "See coxad(8), coxad.conf(5).\n",
		SYSCONFDIR);
}

/* One mode for each run. */
static int set_mode(struct options *o, enum mode mode)
{
	if (o->mode != MODE_RUN && o->mode != mode) {
		fprintf(stderr, "coxad: these options cannot be combined\n");
		return -EINVAL;
	}
	o->mode = mode;
	return 0;
}

static int take(struct options *o, int option, const char *argument)
{
	switch (option) {
	case OPTION_CONFIG:
		o->config = argument;
		o->has_config = true;
		return 0;
	case OPTION_RECORD:
		o->record = argument;
		return 0;
	case OPTION_STATE:
		o->state = argument;
		return 0;
	case OPTION_PACE:
		o->pace = true;
		return 0;
	case OPTION_PRINT:
		o->print = true;
		return 0;
	case OPTION_REPLAY:
		o->replay = argument;
		return set_mode(o, MODE_REPLAY);
	case OPTION_CHECK_CONFIG:
		return set_mode(o, MODE_CHECK_CONFIG);
	case OPTION_PRINT_CONFIG:
		return set_mode(o, MODE_PRINT_CONFIG);
	case OPTION_LIST_DRIVERS:
		return set_mode(o, MODE_LIST_DRIVERS);
	case OPTION_DECODE:
		o->argument = argument;
		return set_mode(o, MODE_DECODE);
	case OPTION_EXPORT_ATHLETE:
		o->argument = argument;
		return set_mode(o, MODE_EXPORT_ATHLETE);
	case OPTION_ERASE_ATHLETE:
		o->argument = argument;
		return set_mode(o, MODE_ERASE_ATHLETE);
	case OPTION_CHECK_STATE:
		o->argument = argument;
		return set_mode(o, MODE_CHECK_STATE);
	case 'V':
		return set_mode(o, MODE_VERSION);
	case 'h':
		return set_mode(o, MODE_HELP);
	default:
		return -EINVAL;
	}
}

int options_parse(int argc, char **argv, struct options *ret)
{
	struct options o = {.mode = MODE_RUN, .config = SYSCONFDIR "/coxad/coxad.conf"};
	int option;

	while ((option = getopt_long(argc, argv, "hV", long_options, NULL)) != -1)
		if (take(&o, option, optarg) < 0)
			return -EINVAL;
	if (optind < argc) {
		fprintf(stderr, "coxad: unexpected argument '%s'\n", argv[optind]);
		return -EINVAL;
	}
	if (o.pace && o.mode != MODE_REPLAY) {
		fprintf(stderr, "coxad: --pace needs --replay\n");
		return -EINVAL;
	}
	if (o.record && o.mode != MODE_RUN) {
		fprintf(stderr, "coxad: --record works only in a live run\n");
		return -EINVAL;
	}
	*ret = o;
	return 0;
}
