// SPDX-License-Identifier: MIT
#include "daemon/main/manager-health.h"

#include <stdio.h>
#include <string.h>

#include "daemon/main/manager-private.h"

void manager_health_check(
	struct manager *m, void (*report)(void *user, const struct health_report *report))
{
	char text[HEALTH_TEXT_SIZE];
	int r = m->history ? history_persister_error(m->history) : 0;

	snprintf(text, sizeof(text),
		"The history (calibrations, symptoms, open alerts) is kept in memory only: %s. A "
		"restart would lose what is new. See whether the state directory can be written "
		"and the disk is full.",
		strerror(-r));
	report(m,
		&(struct health_report){
			.code = HEALTH_NOT_ON_DISK, .subject = "history", .text = r ? text : NULL});
}
