// SPDX-License-Identifier: MIT
#pragma once
/* What every verb is given, and what it returns: the exit status. */
#include <stdbool.h>
#include <systemd/sd-bus.h>

/* Exit statuses; 69 as in sysexits.h. */
#define CTL_OK          0
#define CTL_FAILED      1
#define CTL_USAGE       2
#define CTL_UNAVAILABLE 69

struct ctl {
	sd_bus *bus; /* NULL before the first call */
	const char *program;
	bool is_json, is_names, is_fix, is_stop, is_yes;
	const char *config;     /* NULL: the usual file */
	const char *by, *since; /* NULL: not given, as the next */
	const char *kit, *placement, *exercise, *address;
	const char *site, *gateway, *broker, *username;
	unsigned limit; /* 0: not given */
};

/* argv[0] is the verb; argc is within what its synopsis allows. */
typedef int (*ctl_run_fn)(struct ctl *ctl, int argc, char **argv);
