// SPDX-License-Identifier: MIT
/* What coxactl makes of messages, lines of a topic and a payload: its picture, its lines, its names and
 * its diagnosis, for which the same lines are the kernel's too.
 * No output may hold what a terminal could take for an order. */
#include "tests/fuzz/fuzz-main.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/base/utf8.h"
#include "ctl/doctor-gateway.h"
#include "ctl/doctor-kernel.h"
#include "ctl/names.h"
#include "ctl/watch-event.h"
#include "ctl/watch-model.h"
#include "ctl/watch-screen.h"

#define LINE_BYTES 4096
#define NOW_US     INT64_C(7200000000) /* two hours: recent and not */

struct seen {
	struct watch_model *model;
	json_t *known, *states;
	FILE *out;
};

static void take_line(struct seen *seen, char *line)
{
	char *text = strchr(line, ' ');
	json_t *payload;

	if (!text)
		return;
	*text++ = '\0';
	payload = text[0] ? json_loads(text, 0, NULL) : NULL;
	/* As the bus has it: topics are UTF-8, payloads objects or nothing. */
	if (!utf8_is_valid(line, strlen(line)) || (text[0] && !json_is_object(payload))) {
		json_decref(payload);
		return;
	}
	watch_model_take(seen->model, line, payload, 1000);
	watch_event_print(seen->known, line, payload, seen->out);
	if (payload)
		json_object_set(seen->states, line, payload);
	json_decref(payload);
}

static void take_lines(struct seen *seen, const uint8_t *data, size_t size)
{
	char line[LINE_BYTES];

	while (size > 0) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size;

		if (length < sizeof(line)) {
			memcpy(line, data, length);
			line[length] = '\0';
			take_line(seen, line);
		}
		length += end != NULL;
		data += length;
		size -= length;
	}
}

static void diagnose(const struct seen *seen, const uint8_t *data, size_t size)
{
	struct doctor d = {.states = seen->states, .problems = json_array()};
	_auto_free_ char *record = alloc_zero(1, size + 1);
	json_t *problem;
	size_t i;

	if (size)
		memcpy(record, data, size);
	doctor_gateway_adapters(&d);
	doctor_gateway_health(&d);
	doctor_gateway_wearables(&d);
	doctor_kernel_take(&d, record, NOW_US);
	json_array_foreach(d.problems, i, problem) if (!json_object_get(problem, "text")) abort();
	json_decref(d.problems);
}

static void print_all(const struct seen *seen)
{
	const struct watch_screen pictures[] = {{.now_us = 5000000},
		{.kit = "3", .now_us = INT64_MIN / 2}, {.rows = 7, .now_us = 5000000}};
	json_t *names = names_of(seen->states);

	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++)
		watch_screen_print(seen->model, &pictures[i], seen->out);
	if (json_object_size(names) != NAMES_KIND_COUNT)
		abort();
	json_decref(names);
}

static void check(char *text, size_t size)
{
	for (char *c = text; c < text + size; c++)
		if (*c == '\n')
			*c = ' ';
	if (!text_is_clean(text, size))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = NULL;
	size_t length = 0;
	struct seen seen = {.model = watch_model_new(),
		.known = json_object(),
		.states = json_object(),
		.out = open_memstream(&text, &length)};

	take_lines(&seen, data, size);
	print_all(&seen);
	diagnose(&seen, data, size);
	fclose(seen.out);
	check(text, length);
	free(text);
	json_decref(seen.known);
	json_decref(seen.states);
	watch_model_free(seen.model);
	return 0;
}
