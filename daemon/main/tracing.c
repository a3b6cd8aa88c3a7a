// SPDX-License-Identifier: MIT
#include "daemon/main/tracing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/loop/journal.h"

static void on_line(void *user, const char *line)
{
	journal_write_trace(line);
}

static void complain(const char *unknown)
{
	fprintf(stderr, "coxad: COXAD_TRACE: unknown topic '%.*s'; choose from: all",
		(int)strcspn(unknown, ", "), unknown);
	for (unsigned i = 0; i < TRACE_TOPIC_COUNT; i++)
		fprintf(stderr, ", %s", trace_topic_to_string(i));
	fputc('\n', stderr);
}

int tracing_start(struct tracer *ret)
{
	const char *text = getenv("COXAD_TRACE"), *unknown;
	int r;

	*ret = (struct tracer){.write = on_line};
	if (!text)
		return 0;
	r = trace_topics_from_string(text, &ret->topics, &unknown);
	if (r < 0) {
		complain(unknown);
		return r;
	}
	return ret->topics != 0;
}

int tracing_set(struct tracer *tracer, const char *topics)
{
	const char *unknown;
	uint32_t mask = 0;
	int r = topics[0] ? trace_topics_from_string(topics, &mask, &unknown) : 0;

	if (r >= 0)
		tracer->topics = mask;
	return r;
}
