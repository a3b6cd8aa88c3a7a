// SPDX-License-Identifier: MIT
#include "coxad/base/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"

static const char *const topic_names[] = {
#define TRACE_NAME(id, name, what) name,
	TRACE_TOPIC_LIST(TRACE_NAME)
#undef TRACE_NAME
};

const char *trace_topic_to_string(enum trace_topic topic)
{
	return topic < TRACE_TOPIC_COUNT ? topic_names[topic] : "?";
}

void trace_write(
	const struct trace *trace, enum trace_topic topic, int64_t t_us, const char *format, ...)
{
	char line[TRACE_LINE_MAX];
	va_list args;
	int n = snprintf(line, sizeof(line), "%s t=%.6f%s%s ", trace_topic_to_string(topic),
		(double)t_us / US_PER_S, trace->subject ? " " : "",
		trace->subject ? trace->subject : "");

	if (n < 0 || (size_t)n >= sizeof(line))
		return;
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	va_end(args);
	/* A name from outside must not forge a second line. */
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
	trace->tracer->write(trace->tracer->user, line);
}

static bool is_word(const char *text, size_t n, const char *word)
{
	return strlen(word) == n && strncmp(text, word, n) == 0;
}

static uint32_t topics_of(const char *text, size_t n)
{
	if (is_word(text, n, "all"))
		return (UINT32_C(1) << TRACE_TOPIC_COUNT) - 1;
	for (unsigned i = 0; i < TRACE_TOPIC_COUNT; i++)
		if (is_word(text, n, topic_names[i]))
			return UINT32_C(1) << i;
	return 0;
}

int trace_topics_from_string(const char *text, uint32_t *ret_topics, const char **ret_unknown)
{
	uint32_t topics = 0;

	for (size_t n; *text; text += n) {
		uint32_t found;

		text += strspn(text, ", ");
		n = strcspn(text, ", ");
		found = topics_of(text, n);
		if (n && !found) {
			*ret_unknown = text;
			return -EINVAL;
		}
		topics |= found;
	}
	*ret_topics = topics;
	return 0;
}
