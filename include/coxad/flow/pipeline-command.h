// SPDX-License-Identifier: MIT
#pragma once
/* What a command does: looks up what it names, carries it out, words the refusal. */
#include <stdint.h>

#include "coxad/flow/pipeline.h"
#include "coxad/wire/command.h"

/* *reply, whatever it held, is the answer. */
void pipeline_command(struct pipeline *pipeline, int64_t now_us, const struct command *command,
	struct command_reply *reply);
