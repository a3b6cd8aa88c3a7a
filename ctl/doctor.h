// SPDX-License-Identifier: MIT
#pragma once
/* What `coxactl doctor` has found so far. Each check looks for itself, needs nothing of the others but
 * what doctor_bus_coxad fetched, and only notes. The codes are a contract: coxactl(1) lists them.
 */
#include <jansson.h>
#include <stdbool.h>

#include "ctl/ctl.h"

enum doctor_severity { DOCTOR_WARNING, DOCTOR_FAILURE };

struct doctor {
	struct ctl *ctl;
	const char *config;    /* NULL: the usual file */
	const char *sysfs;     /* "/sys", or what stands for it */
	const char *kmsg;      /* "/dev/kmsg", or a file of such lines */
	const char *mosquitto; /* "/etc/mosquitto", or a folder like it */
	bool is_fixing;
	json_t *states;   /* Status() of coxad; NULL: it told nothing */
	json_t *problems; /* [{code, severity, subject, text}], as in gateway/<name>/health */
};

/* The text says what is wrong, why, and what to do. Six parameters: what a problem consists of, the last
 * of it as printf takes it. */
void doctor_note(struct doctor *doctor, enum doctor_severity severity, const char *code,
	const char *subject, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The exit status: 0, or that of the worst problem. */
int doctor_status(const struct doctor *doctor);
const char *doctor_state(const struct doctor *doctor);
