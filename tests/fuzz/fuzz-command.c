// SPDX-License-Identifier: MIT
/* Commands: the first line is the verb, the rest the payload. */
#include "tests/fuzz/fuzz-main.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/config/conf-name.h"
#include "coxad/wire/command.h"

static bool has_clean_texts(const struct command *c)
{
	const char *const names[] = {c->kit, c->athlete, c->wearable};
	const char *const texts[] = {c->by, c->alert, c->pop, c->reason, c->source};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i][0] && !conf_name_is_valid(names[i]))
			return false;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!text_is_clean(texts[i], strlen(texts[i])))
			return false;
	return true;
}

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
	if (r == 0 && !has_clean_texts(&command))
		abort();
	if ((r < 0) != (reply.error != COMMAND_ERROR_NONE) || (r < 0 && !reply.message[0]))
		abort();
	return 0;
}
