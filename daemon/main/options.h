// SPDX-License-Identifier: MIT
#pragma once
/* The command line. */
#include <stdbool.h>

struct tracer;

enum mode {
	MODE_RUN,
	MODE_CHECK_CONFIG,
	MODE_PRINT_CONFIG,
	MODE_REPLAY,
	MODE_LIST_DRIVERS,
	MODE_DECODE,
	MODE_EXPORT_ATHLETE,
	MODE_ERASE_ATHLETE,
	MODE_CHECK_STATE,
	MODE_VERSION,
	MODE_HELP
};

struct options {
	enum mode mode;
	const char *config; /* default SYSCONFDIR/coxad/coxad.conf */
	bool has_config;
	const char *replay;   /* capture to replay */
	const char *record;   /* capture to write, NULL: none */
	const char *state;    /* --state, NULL: none */
	const char *argument; /* of --decode, --export-athlete, --erase-athlete, --check-state */
	bool pace;
	bool print;
	struct tracer *tracer; /* NULL: nothing is ever traced */
};

/* 0, or -EINVAL after a message on standard error. */
int options_parse(int argc, char **argv, struct options *ret);
void options_print_help(void);
