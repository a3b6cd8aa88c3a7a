// SPDX-License-Identifier: MIT
#include "coxad/wire/command.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "coxad/config/conf-name.h"

TERM_TABLE(COMMAND, command_verb, COMMAND_LIST)
TERM_TABLE(COMMAND_ERROR, command_error, COMMAND_ERROR_LIST)

struct parse {
	const json_t *object;
	struct command *command;
	struct command_reply *reply;
	int status;
};

/* The first error counts. */
static void fail(struct parse *p, enum command_error error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fail(struct parse *p, enum command_error error, const char *format, ...)
{
	va_list args;

	if (p->status < 0)
		return;
	p->status = -EINVAL;
	p->reply->error = error;
	va_start(args, format);
	vsnprintf(p->reply->message, sizeof(p->reply->message), format, args);
	va_end(args);
}

enum need { OPTIONAL, REQUIRED };

static const json_t *member(struct parse *p, const char *key, enum need need)
{
	const json_t *value = json_object_get(p->object, key);

	if (!value || json_is_null(value)) {
		if (need == REQUIRED)
			fail(p, COMMAND_ERROR_MISSING_MEMBER, "member '%s' is missing", key);
		return NULL;
	}
	return value;
}

/* A text of at most size - 1 bytes without control characters. */
static void take_text(struct parse *p, const char *key, enum need need, char *ret, size_t size)
{
	const json_t *value = member(p, key, need);
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);

	if (!value)
		return;
	if (!text || length == 0 || length >= size) {
		fail(p, COMMAND_ERROR_BAD_VALUE, "member '%s' is no text of 1 to %zu bytes", key,
			size - 1);
		return;
	}
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
			fail(p, COMMAND_ERROR_BAD_VALUE, "member '%s' has a control character",
				key);
			return;
		}
	memcpy(ret, text, length + 1);
}

static void take_name(struct parse *p, const char *key, enum need need, char ret[static NAME_SIZE])
{
	const json_t *value = member(p, key, need);
	const char *text = json_string_value(value);

	if (!value)
		return;
	if (!text || !conf_name_is_valid(text)) {
		fail(p, COMMAND_ERROR_BAD_VALUE,
			"member '%s' is no name: 1 to 32 bytes without / + # and control "
			"characters",
			key);
		return;
	}
	memcpy(ret, text, strlen(text) + 1);
}

/* Defines take_<name>: false where the member is not there or not a word of the list. */
#define TAKE_TERM(name, type, from_string)                                                         \
	static bool take_##name(struct parse *p, const char *key, enum need need, enum type *ret)  \
	{                                                                                          \
		const json_t *value = member(p, key, need);                                        \
		const char *text = json_string_value(value);                                       \
                                                                                                   \
		if (!value)                                                                        \
			return false;                                                              \
		if (text && from_string(text, ret) == 0)                                           \
			return true;                                                               \
		fail(p, COMMAND_ERROR_BAD_VALUE, "member '%s' is none of the known words", key);   \
		return false;                                                                      \
	}
TAKE_TERM(exercise, exercise, exercise_from_string)
TAKE_TERM(step, calibration_step, calibration_step_from_string)
TAKE_TERM(symptom, symptom_code, symptom_code_from_string)
TAKE_TERM(site, body_site, body_site_from_string)
TAKE_TERM(side, side, side_from_string)
TAKE_TERM(class, pop_class, pop_class_from_string)
TAKE_TERM(cue, cue_code, cue_code_from_string)

static void take_intensity(struct parse *p)
{
	const json_t *value = member(p, "intensity", OPTIONAL);
	json_int_t intensity = json_integer_value(value);

	if (!value)
		return;
	if (!json_is_integer(value) || intensity < 0 || (intensity > 10 && intensity != 255)) {
		fail(p, COMMAND_ERROR_BAD_VALUE,
			"member 'intensity' is no whole number from 0 to 10");
		return;
	}
	p->command->intensity = intensity == 255 ? -1 : (int)intensity; /* 255 as on the air */
}

static void take_members(struct parse *p)
{
	struct command *c = p->command;

	switch (c->verb) {
	case COMMAND_SESSION_START:
		take_name(p, "kit", REQUIRED, c->kit);
		take_name(p, "athlete", OPTIONAL, c->athlete);
		c->has_exercise = take_exercise(p, "exercise", OPTIONAL, &c->exercise);
		if (c->has_exercise && c->exercise == EXERCISE_NONE)
			fail(p, COMMAND_ERROR_BAD_VALUE,
				"member 'exercise' is none of the known words");
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
		if (p->status == 0 && c->symptom == SYMPTOM_UNKNOWN)
			fail(p, COMMAND_ERROR_BAD_VALUE, "member 'code' is no symptom");
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
		if (take_cue(p, "code", REQUIRED, &c->cue) && c->cue == CUE_NONE)
			fail(p, COMMAND_ERROR_BAD_VALUE, "member 'code' is no cue");
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
		fail(p, COMMAND_ERROR_TOO_LARGE, "the payload has more than %d bytes",
			COMMAND_PAYLOAD_MAX);
		return;
	}
	*ret_object = json_loadb(payload ? payload : "", size, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(*ret_object)) {
		fail(p, COMMAND_ERROR_BAD_JSON, "the payload is no JSON object");
		return;
	}
	p->object = *ret_object;
	take_text(p, "request", OPTIONAL, p->reply->request, sizeof(p->reply->request));
	if (command_verb_from_string(verb, &p->command->verb) < 0) {
		fail(p, COMMAND_ERROR_UNKNOWN_VERB, "no such command");
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
