// SPDX-License-Identifier: MIT
#include "coxad/wire/command.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/text.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-name.h"
#include "coxad/wire/wall-text.h"

TERM_TABLE(COMMAND, command_verb, COMMAND_LIST)
TERM_TABLE(COMMAND_ERROR, command_error, COMMAND_ERROR_LIST)

struct parse {
	const json_t *object;
	struct command *command;
	struct command_reply *reply;
	int status;
};

static __attribute__((format(printf, 3, 0))) void word(
	struct command_reply *reply, enum command_error error, const char *format, va_list args)
{
	reply->error = error;
	vsnprintf(reply->message, sizeof(reply->message), format, args);
}

void command_refuse(struct command_reply *reply, enum command_error error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	word(reply, error, format, args);
	va_end(args);
}

/* The first error counts. */
static void fail(struct parse *p, enum command_error error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fail(struct parse *p, enum command_error error, const char *format, ...)
{
	va_list args;

	if (p->status < 0)
		return;
	p->status = -EINVAL;
	va_start(args, format);
	word(p->reply, error, format, args);
	va_end(args);
}

enum need { OPTIONAL, REQUIRED };

static const json_t *member(struct parse *p, const char *key, enum need need)
{
	const json_t *value = json_object_get(p->object, key);

	if (!value || json_is_null(value)) {
		if (need == REQUIRED)
			fail(p, COMMAND_ERROR_MISSING_MEMBER, "'%s' is missing", key);
		return NULL;
	}
	return value;
}

static bool is_clean(struct parse *p, const char *key, const char *text, size_t length)
{
	char explanation[TEXT_FAULT_SIZE];
	uint32_t character;
	enum text_fault fault = text_check(text, length, &character);

	if (fault == TEXT_FAULT_NONE)
		return true;
	text_explain(fault, character, explanation);
	fail(p, COMMAND_ERROR_BAD_VALUE, "'%s' %s; remove it", key, explanation);
	return false;
}

/* A string of 1 to size - 1 bytes, see text_is_hidden(). */
static void take_text(struct parse *p, const char *key, enum need need, char *ret, size_t size)
{
	const json_t *value = member(p, key, need);
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);

	if (!value)
		return;
	if (!text || length == 0 || length >= size) {
		fail(p, COMMAND_ERROR_BAD_VALUE, "'%s' must be a string of 1 to %zu bytes", key,
			size - 1);
		return;
	}
	if (is_clean(p, key, text, length))
		memcpy(ret, text, length + 1);
}

static void take_name(struct parse *p, const char *key, enum need need, char ret[static NAME_SIZE])
{
	const json_t *value = member(p, key, need);
	const char *text = json_string_value(value);

	if (!value)
		return;
	if (text && !is_clean(p, key, text, json_string_length(value)))
		return;
	if (!text || !conf_name_is_valid(text)) {
		fail(p, COMMAND_ERROR_BAD_VALUE,
			"'%s' must be a name of 1 to 32 bytes without / + # or a space at an end",
			key);
		return;
	}
	memcpy(ret, text, strlen(text) + 1);
}

/* The words of an enum that a member may be. */
struct words {
	const char *(*at)(unsigned i);
	unsigned first, n; /* those before `first` mean "not given" and are not allowed */
};

/* The index of the member's word, or -1 if it is absent or, after fail(), not a word of the list. */
static int take_word(struct parse *p, const char *key, enum need need, const struct words *words)
{
	const json_t *value = member(p, key, need);
	const char *text = json_string_value(value);
	char list[sizeof(p->reply->message)] = "";
	size_t length = 0;

	if (!value)
		return -1;
	for (unsigned i = words->first; i < words->n; i++) {
		if (text && strcmp(text, words->at(i)) == 0)
			return (int)i;
		if (length < sizeof(list))
			length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
				length ? ", " : "", words->at(i));
	}
	fail(p, COMMAND_ERROR_BAD_VALUE, "'%s' must be one of: %s", key, list);
	return -1;
}

/* Defines take_<name>: false if the member is absent or not a word of the enum. */
#define TAKE_TERM(name, type, first, count)                                                        \
	static const char *name##_at(unsigned i)                                                   \
	{                                                                                          \
		return type##_to_string((enum type)i);                                             \
	}                                                                                          \
	static bool take_##name(struct parse *p, const char *key, enum need need, enum type *ret)  \
	{                                                                                          \
		int i = take_word(p, key, need, &(struct words){name##_at, first, count});         \
                                                                                                   \
		if (i < 0)                                                                         \
			return false;                                                              \
		*ret = (enum type)i;                                                               \
		return true;                                                                       \
	}
TAKE_TERM(exercise, exercise, EXERCISE_NONE + 1, EXERCISE_COUNT)
TAKE_TERM(step, calibration_step, 0, CALIBRATION_STEP_COUNT)
TAKE_TERM(symptom, symptom_code, SYMPTOM_UNKNOWN + 1, SYMPTOM_COUNT)
TAKE_TERM(site, body_site, 0, BODY_SITE_COUNT)
TAKE_TERM(side, side, 0, SIDE_COUNT)
TAKE_TERM(class, pop_class, 0, POP_CLASS_COUNT)
TAKE_TERM(cue, cue_code, CUE_NONE + 1, CUE_COUNT)

static void take_intensity(struct parse *p)
{
	const json_t *value = member(p, "intensity", OPTIONAL);
	json_int_t intensity = json_integer_value(value);

	if (!value)
		return;
	if (!json_is_integer(value) || intensity < 0 || (intensity > 10 && intensity != 255)) {
		fail(p, COMMAND_ERROR_BAD_VALUE, "'intensity' must be a whole number from 0 to 10");
		return;
	}
	p->command->intensity = intensity == 255 ? -1 : (int)intensity; /* 255 as on the air */
}

static void take_seconds(struct parse *p)
{
	const json_t *value = member(p, "seconds", REQUIRED);
	json_int_t seconds = json_integer_value(value);

	if (!value)
		return;
	if (!json_is_integer(value) || seconds < 1 || seconds > COMMAND_WATCH_MAX_S) {
		fail(p, COMMAND_ERROR_BAD_VALUE, "'seconds' must be a whole number from 1 to %d",
			COMMAND_WATCH_MAX_S);
		return;
	}
	p->command->seconds = (unsigned)seconds;
}

static bool take_kind(struct parse *p, const json_t *value)
{
	enum logbook_kind kind;
	const char *text = json_string_value(value);

	if (!text || logbook_kind_from_string(text, &kind) < 0) {
		fail(p, COMMAND_ERROR_BAD_VALUE,
			"'kind' must be one of, or a list of: rep, pop, alert, act, summary");
		return false;
	}
	p->command->query.kinds |= 1u << kind;
	return true;
}

static void take_kinds(struct parse *p)
{
	const json_t *value = member(p, "kind", OPTIONAL);

	if (!value)
		return;
	/* An empty list would be everything. */
	if (!json_is_array(value) || json_array_size(value) == 0) {
		take_kind(p, value);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!take_kind(p, json_array_get(value, i)))
			return;
}

/* A time, or a cursor. */
static void take_since(struct parse *p)
{
	const json_t *value = member(p, "since", OPTIONAL);
	const char *text = json_string_value(value);
	struct logbook_query *query = &p->command->query;
	int64_t wall_us;

	if (!value)
		return;
	if (text && logbook_cursor_read(text, &query->after_seq) >= 0)
		return;
	if (!text || wall_text_read(text, &wall_us) < 0) {
		fail(p, COMMAND_ERROR_BAD_VALUE,
			"'since' must be a time like 2026-11-22T17:30:00.000Z, or the cursor of an entry");
		return;
	}
	query->since_ms = wall_us / US_PER_MS;
}

static void take_query(struct parse *p)
{
	const json_t *value = member(p, "limit", OPTIONAL);
	json_int_t limit = value ? json_integer_value(value) : LOGBOOK_PAGE_ENTRIES;
	struct logbook_query *query = &p->command->query;

	memcpy(query->athlete, p->command->athlete, sizeof(query->athlete));
	query->limit = LOGBOOK_PAGE_ENTRIES;
	take_kinds(p);
	take_since(p);
	if ((value && !json_is_integer(value)) || limit < 1 || limit > LOGBOOK_PAGE_ENTRIES) {
		fail(p, COMMAND_ERROR_BAD_VALUE, "'limit' must be a whole number from 1 to %d",
			LOGBOOK_PAGE_ENTRIES);
		return;
	}
	query->limit = (unsigned)limit;
}

static void take_members(struct parse *p)
{
	struct command *c = p->command;

	switch (c->verb) {
	case COMMAND_SESSION_START:
		take_name(p, "kit", REQUIRED, c->kit);
		take_name(p, "athlete", OPTIONAL, c->athlete);
		c->has_exercise = take_exercise(p, "exercise", OPTIONAL, &c->exercise);
		break;
	case COMMAND_SESSION_END:
		take_name(p, "kit", REQUIRED, c->kit);
		break;
	case COMMAND_CALIBRATE:
		take_name(p, "kit", REQUIRED, c->kit);
		take_step(p, "step", REQUIRED, &c->step);
		break;
	case COMMAND_SYMPTOM:
		take_name(p, "athlete", REQUIRED, c->athlete);
		take_symptom(p, "code", REQUIRED, &c->symptom);
		take_site(p, "site", OPTIONAL, &c->site);
		take_side(p, "side", OPTIONAL, &c->side);
		take_intensity(p);
		take_text(p, "source", OPTIONAL, c->source, sizeof(c->source));
		break;
	case COMMAND_ACKNOWLEDGE:
		take_text(p, "alert", REQUIRED, c->alert, sizeof(c->alert));
		take_text(p, "by", REQUIRED, c->by, sizeof(c->by));
		break;
	case COMMAND_OVERRIDE:
		take_text(p, "pop", REQUIRED, c->pop, sizeof(c->pop));
		take_class(p, "class", REQUIRED, &c->class);
		take_text(p, "by", REQUIRED, c->by, sizeof(c->by));
		take_text(p, "reason", REQUIRED, c->reason, sizeof(c->reason));
		break;
	case COMMAND_CLEAR_SYMPTOMS:
		take_name(p, "athlete", REQUIRED, c->athlete);
		take_text(p, "by", REQUIRED, c->by, sizeof(c->by));
		break;
	case COMMAND_IDENTIFY:
		take_name(p, "wearable", REQUIRED, c->wearable);
		break;
	case COMMAND_CUE:
		take_name(p, "athlete", REQUIRED, c->athlete);
		take_cue(p, "code", REQUIRED, &c->cue);
		break;
	case COMMAND_WATCH:
		take_name(p, "kit", REQUIRED, c->kit);
		take_seconds(p);
		break;
	case COMMAND_HISTORY:
		take_name(p, "athlete", REQUIRED, c->athlete);
		take_query(p);
		break;
	case COMMAND_COUNT:
		break;
	}
}

static void parse(
	struct parse *p, const char *verb, const void *payload, size_t size, json_t **ret_object)
{
	json_error_t error;

	if (size > COMMAND_PAYLOAD_MAX) {
		fail(p, COMMAND_ERROR_TOO_LARGE, "the payload is larger than %d bytes",
			COMMAND_PAYLOAD_MAX);
		return;
	}
	*ret_object = json_loadb(payload ? payload : "", size, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(*ret_object)) {
		fail(p, COMMAND_ERROR_BAD_JSON, "the payload must be a JSON object");
		return;
	}
	p->object = *ret_object;
	take_text(p, "request", OPTIONAL, p->reply->request, sizeof(p->reply->request));
	if (command_verb_from_string(verb, &p->command->verb) < 0) {
		fail(p, COMMAND_ERROR_UNKNOWN_VERB, "unknown command");
		return;
	}
	take_members(p);
}

int command_parse(const char *verb, const void *payload, size_t size, struct command *ret,
	struct command_reply *reply)
{
	struct parse p = {.command = ret, .reply = reply};
	json_t *object = NULL;

	*ret = (struct command){.intensity = -1};
	*reply = (struct command_reply){.error = COMMAND_ERROR_NONE};
	parse(&p, verb, payload, size, &object);
	json_decref(object);
	return p.status;
}
