// SPDX-License-Identifier: MIT
#include "ctl/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/utf8.h"
#include "ctl/topic.h"

#define TEXT_BYTES 2048

static const char *const severities[] = {
	[DOCTOR_WARNING] = "warning", [DOCTOR_FAILURE] = "failure"};
static const char *const states[] = {"ok", "warning", "failure"};

/* What is quoted may be anything, and what is cut may end within a character; JSON takes neither. */
static json_t *text_of(char *text)
{
	size_t size = strlen(text), n;
	uint32_t character;

	for (size_t at = 0; at < size; at += n ? n : 1) {
		n = utf8_next((const uint8_t *)text + at, size - at, &character);
		if (!n)
			text[at] = '?';
	}
	return json_string(text);
}

void doctor_note(struct doctor *d, enum doctor_severity severity, const char *code,
	const char *subject, const char *format, ...)
{
	char text[TEXT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(d->problems,
		json_pack("{s:s,s:s,s:s,s:o}", "code", code, "severity", severities[severity],
			"subject", subject, "text", text_of(text)));
}

int doctor_status(const struct doctor *d)
{
	int status = 0;
	json_t *problem;
	size_t i;

	json_array_foreach(d->problems, i, problem)
	{
		bool is_failure =
			strcmp(topic_text(problem, "severity"), severities[DOCTOR_FAILURE]) == 0;

		if (status < 1 + is_failure)
			status = 1 + is_failure;
	}
	return status;
}

const char *doctor_state(const struct doctor *d)
{
	return states[doctor_status(d)];
}
