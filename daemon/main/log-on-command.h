// SPDX-License-Identifier: MIT
#pragma once
/* What is written to the journal, as somebody asks over D-Bus, for struct control_ops. -EINVAL: no such level or
 * topic. */
struct tracer;

int log_on_command_level(const char *level);
int log_on_command_trace(struct tracer *tracer, const char *topics);
