// SPDX-License-Identifier: MIT
#include "ctl/watch-event.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "ctl/out.h"
#include "ctl/topic.h"

static char *rep(const json_t *p)
{
	return alloc_printf("repetition %.0f (%s), %.0f degrees", topic_number(p, "rep"),
		topic_text(p, "side"), topic_number(p, "range_deg"));
}

static char *pop(const json_t *p)
{
	return alloc_printf("pop %s at %s, %s, %s: %s", topic_text(p, "id"), topic_text(p, "site"),
		topic_text(p, "phase"), topic_text(p, "state"), topic_text(p, "class"));
}

static char *cue(const json_t *p)
{
	return alloc_printf("cue: %s", topic_text(p, "text"));
}

static char *alert(const json_t *p)
{
	return alloc_printf("alert %s %s: %s", topic_text(p, "alert"), topic_text(p, "state"),
		topic_text(p, "label"));
}

static char *calibration(const json_t *p)
{
	const char *why = json_string_value(json_object_get(p, "why"));

	return alloc_printf("calibration %s %s%s%s", topic_text(p, "step"), topic_text(p, "state"),
		why ? ": " : "", why ? why : "");
}

static char *session(const json_t *p)
{
	return alloc_printf(
		"session of %s, %s", topic_text(p, "athlete"), topic_text(p, "exercise"));
}

static char *state(const json_t *p)
{
	return alloc_printf("%s", topic_text(p, "state"));
}

static const struct {
	const char *first, *last;
	char *(*text)(const json_t *payload);
	const char *removed; /* what is said of a removed topic; NULL: nothing */
} kinds[] = {
	{"athlete", "rep", rep, NULL},
	{"athlete", "pop", pop, NULL},
	{"athlete", "cue", cue, NULL},
	{"athlete", "alert", alert, NULL},
	{"kit", "calibration", calibration, NULL},
	{"kit", "session", session, "session ended"},
	{"wearable", "status", state, NULL},
	{"gateway", "status", state, NULL},
	{"gateway", "health", state, NULL},
};

char *watch_event_text(const char *topic, const json_t *payload)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (topic_is(topic, kinds[i].first, kinds[i].last))
			return payload ? kinds[i].text(payload) : alloc_text(kinds[i].removed);
	return NULL;
}

bool watch_event_print(json_t *known, const char *topic, const json_t *payload, FILE *file)
{
	_auto_free_ char *text = watch_event_text(topic, payload);
	const char *before = json_string_value(json_object_get(known, topic));
	char name[TOPIC_NAME_SIZE];

	if (!text || !topic_name(topic, name) || (before && strcmp(before, text) == 0))
		return false;
	json_object_set_new(known, topic, json_string(text));
	out_clean(file, name);
	fputs(": ", file);
	out_clean(file, text);
	fputc('\n', file);
	return true;
}
