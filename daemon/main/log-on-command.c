// SPDX-License-Identifier: MIT
#include "daemon/main/log-on-command.h"

#include "coxad/loop/journal.h"
#include "daemon/main/tracing.h"

int log_on_command_level(const char *level)
{
	int number = journal_level_from_string(level);

	if (number < 0)
		return number;
	journal_set_level(number);
	journal_write(LOG_NOTICE, "coxad", "the log level is %s now", level);
	return 0;
}

int log_on_command_trace(struct tracer *tracer, const char *topics)
{
	int r = tracing_set(tracer, topics);

	if (r >= 0)
		journal_write(
			LOG_NOTICE, "coxad", "traced now: %s", topics[0] ? topics : "nothing");
	return r;
}
