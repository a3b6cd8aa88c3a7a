// SPDX-License-Identifier: MIT
/* Commands: the first line is the verb, the rest the payload. */
#include "tests/fuzz/fuzz-main.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/wire/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	size_t length = newline ? (size_t)(newline - data) : 0;
	struct command command;
	struct command_reply reply;
	char verb[64] = "";
	int r;

	if (length >= sizeof(verb))
		length = sizeof(verb) - 1;
	memcpy(verb, data, length);
	if (newline)
		r = command_parse(
			verb, newline + 1, size - (size_t)(newline + 1 - data), &command, &reply);
	else
		r = command_parse("symptom", data, size, &command, &reply);
	if ((r < 0) != (reply.error != COMMAND_ERROR_NONE) || (r < 0 && !reply.message[0]))
		abort();
	return 0;
}
