// SPDX-License-Identifier: MIT
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/main/athlete-data.h"
#include "daemon/main/check-config.h"
#include "daemon/main/conf-files.h"
#include "coxad/base/alloc.h"
#include "coxad/config/conf-print.h"
#include "coxad/config/conf-read.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/loop.h"
#include "daemon/main/inspect.h"
#include "daemon/main/last-words.h"
#include "daemon/main/manager.h"
#include "daemon/main/options.h"
#include "daemon/main/pace.h"
#include "daemon/main/radio.h"
#include "daemon/main/replay.h"
#include "daemon/main/restore-guard.h"
#include "daemon/main/tracing.h"

#define EXIT_USAGE 2

static int run(const struct options *options, struct conf *conf)
{
	if (conf->gateway.role != GATEWAY_ROLE_RADIO)
		return manager_run(options, conf);
	if (!options->record && !options->print)
		return radio_run(options, conf);
	fprintf(stderr, "coxad: with role = radio there is nothing to print or to record; "
			"the brain of the site does\n");
	conf_free(conf);
	return EXIT_USAGE;
}

static int with_conf(const struct options *options)
{
	struct conf *conf = NULL;
	int status = EXIT_SUCCESS;

	if (conf_files_load(options->config, options->has_config, stderr, &conf) < 0)
		return EX_CONFIG;
	switch (options->mode) {
	case MODE_RUN:
		return run(options, conf);
	case MODE_REPLAY:
		status = options->pace ? pace_run(options, conf) : replay_run(options, conf);
		break;
	case MODE_PRINT_CONFIG: {
		_auto_free_ char *text = conf_print(conf);

		fputs(text, stdout);
		break;
	}
	case MODE_EXPORT_ATHLETE:
		status = athlete_data_export(conf, options->argument);
		break;
	case MODE_ERASE_ATHLETE:
		status = athlete_data_erase(conf, options->argument);
		break;
	case MODE_CHECK_CONFIG:
		status = check_config_run(conf);
		break;
	case MODE_LIST_DRIVERS:
	case MODE_DECODE:
	case MODE_CHECK_STATE:
	case MODE_VERSION:
	case MODE_HELP:
		break;
	}
	conf_free(conf);
	return status;
}

/* Output that could not be written is a failure. */
static int finish(int status)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return status ? status : EXIT_FAILURE;
	return status;
}

/* Keeps fds 0 to 2 open so that no later open() reuses them. A closed standard output stays
 * unwritable, so that finish() notices. */
static int hold_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static bool has_loop(const struct options *options)
{
	return options->mode == MODE_RUN || (options->mode == MODE_REPLAY && options->pace);
}

int main(int argc, char **argv)
{
	struct options options;
	struct tracer tracer;
	int traces;

	last_words_start();
	if (hold_standard_files() < 0) {
		perror("coxad: /dev/null");
		return EXIT_FAILURE;
	}
	journal_start(getenv("COXAD_DEBUG") ? LOG_DEBUG : LOG_INFO);
	traces = tracing_start(&tracer);
	if (traces < 0 || options_parse(argc, argv, &options) < 0)
		return EXIT_USAGE;
	/* Live, a topic may be asked for at any time. */
	options.tracer = traces || options.mode == MODE_RUN ? &tracer : NULL;
	/* Only the loop reads signals; a plain replay dies of them like any program. */
	if (has_loop(&options) ? loop_block_signals() < 0 : signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return EXIT_FAILURE;
	switch (options.mode) {
	case MODE_HELP:
		options_print_help();
		return finish(EXIT_SUCCESS);
	case MODE_VERSION:
		printf("%s\n", PACKAGE_STRING);
		return finish(EXIT_SUCCESS);
	case MODE_LIST_DRIVERS:
		inspect_list_drivers();
		return finish(EXIT_SUCCESS);
	case MODE_DECODE:
		return finish(inspect_decode(options.argument));
	case MODE_CHECK_STATE:
		return finish(inspect_check_state(options.argument));
	case MODE_RUN:
		if (restore_guard_is_unfinished(options.config))
			return EX_CONFIG;
		break;
	case MODE_REPLAY:
	case MODE_CHECK_CONFIG:
	case MODE_PRINT_CONFIG:
	case MODE_EXPORT_ATHLETE:
	case MODE_ERASE_ATHLETE:
		break;
	}
	return finish(with_conf(&options));
}
