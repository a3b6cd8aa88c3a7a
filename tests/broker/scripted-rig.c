// SPDX-License-Identifier: MIT
#include "tests/broker/scripted-rig.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>

#include "coxad/base/alloc.h"

struct scripted_rig rig;

static void start_scripted(const char *const *rules)
{
	_auto_free_ char *program = alloc_printf("%s/tests/broker/scripted-broker", TOP_BUILDDIR);
	_auto_free_ char *port = alloc_printf("%u", rig.broker.port);
	const char *argv[SCRIPTED_RULES_MAX + 3] = {program, port};

	for (size_t i = 0; i < SCRIPTED_RULES_MAX && rules[i]; i++)
		argv[2 + i] = rules[i];
	child_start(&rig.broker, &rig.scripted, "scripted", argv);
	child_wait(&rig.broker, &rig.scripted, 0, "listening");
}

void scripted_rig_begin(const char *const *rules)
{
	broker_init(&rig.broker);
	rig.scripted = rig.pusher = (struct child){.fd = -1};
	start_scripted(rules);
}

void scripted_rig_stop(void)
{
	child_kill(&rig.broker, &rig.pusher, SIGTERM);
	child_kill(&rig.broker, &rig.scripted, SIGTERM);
}

void scripted_rig_end(void)
{
	scripted_rig_stop();
	assert_int_equal(child_count(&rig.scripted, "VIOLATION"), 0);
	broker_done(&rig.broker);
}
