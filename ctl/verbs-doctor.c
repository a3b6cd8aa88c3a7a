// SPDX-License-Identifier: MIT
#include "ctl/verbs-doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/doctor-broker.h"
#include "ctl/doctor-bus.h"
#include "ctl/doctor-config.h"
#include "ctl/doctor-gateway.h"
#include "ctl/doctor-host.h"
#include "ctl/doctor-kernel.h"
#include "ctl/doctor-machine.h"
#include "ctl/doctor-rates.h"
#include "ctl/out.h"
#include "ctl/topic.h"

static void (*const checks[])(struct doctor *doctor) = {
	doctor_bus_coxad,
	doctor_machine_unit,
	doctor_machine_bluez,
	doctor_config_check,
	doctor_machine_state,
	doctor_host_rfkill,
	doctor_host_voltage,
	doctor_host_wifi,
	doctor_machine_speed,
	doctor_machine_clock,
	doctor_kernel_check,
	doctor_broker_check,
	doctor_bus_bluez,
	doctor_gateway_adapters,
	doctor_gateway_health,
	doctor_gateway_sessions,
	doctor_gateway_calibrations,
	doctor_gateway_wearables,
	doctor_rates_check,
};

static void print_lines(const char *text)
{
	char *copy = strdup(text), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		fputs("         ", stdout);
		out_clean(stdout, line);
		putchar('\n');
	}
	free(copy);
}

static void print_problem(const json_t *problem)
{
	const char *severity = topic_text(problem, "severity");
	enum out_look look = strcmp(severity, "failure") == 0 ? OUT_BAD : OUT_WARN;

	printf("%s%s%s  ", out_begin(stdout, look), severity, out_end(stdout, look));
	out_clean(stdout, topic_text(problem, "code"));
	fputs(" (", stdout);
	out_clean(stdout, topic_text(problem, "subject"));
	fputs(")\n", stdout);
	print_lines(topic_text(problem, "text"));
}

static void print(const struct doctor *d)
{
	json_t *problem;
	size_t i;

	json_array_foreach(d->problems, i, problem) print_problem(problem);
	if (i == 0)
		puts("Nothing is wrong, as far as can be seen from here.");
}

static void print_json(const struct doctor *d)
{
	json_t *document =
		json_pack("{s:s,s:O}", "state", doctor_state(d), "problems", d->problems);

	out_json(document);
	json_decref(document);
}

int verbs_doctor_run(struct ctl *ctl, int argc, char **argv)
{
	const char *sysfs = getenv("COXAD_SYSFS"), *kmsg = getenv("COXAD_KMSG"),
		   *mosquitto = getenv("COXAD_MOSQUITTO");
	struct doctor d = {.ctl = ctl,
		.config = argc > 1 ? argv[1] : NULL,
		.sysfs = sysfs ? sysfs : "/sys",
		.kmsg = kmsg ? kmsg : "/dev/kmsg",
		.mosquitto = mosquitto ? mosquitto : "/etc/mosquitto",
		.is_fixing = ctl->is_fix,
		.problems = json_array()};
	int status;

	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		checks[i](&d);
	if (ctl->is_json)
		print_json(&d);
	else
		print(&d);
	status = doctor_status(&d);
	json_decref(d.states);
	json_decref(d.problems);
	return status;
}
