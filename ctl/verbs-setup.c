// SPDX-License-Identifier: MIT
#include "ctl/verbs-setup.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/out.h"
#include "ctl/program.h"
#include "ctl/setup-gateway.h"

#define SCRIPT "/usr/share/coxad-dashboard/setup"

static int set_up_dashboard(const char *role, const char *user)
{
	/* The script names its users after their role where no other name is given. */
	const char *option = role && strcmp(role, "screen") == 0 ? "--screen" : "--trainer";
	const char *const words[] = {SCRIPT, role ? option : NULL, user ? user : role, NULL};
	int status = program_run(words, NULL);

	if (status == PROGRAM_NOT_FOUND)
		out_message("there is no %s; install the package coxad-dashboard", SCRIPT);
	return status == CTL_OK ? CTL_OK : CTL_FAILED;
}

int verbs_setup_run(struct ctl *ctl, int argc, char **argv)
{
	if (argc == 1)
		return setup_gateway_run(ctl);
	if (strcmp(argv[1], "dashboard") != 0) {
		out_message("besides the gateway there is only the dashboard to set up: coxactl "
			    "setup dashboard");
		return CTL_USAGE;
	}
	if (geteuid() != 0) {
		out_message("setup needs root: sudo coxactl setup dashboard");
		return CTL_FAILED;
	}
	fflush(stdout);
	return set_up_dashboard(argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : NULL);
}
