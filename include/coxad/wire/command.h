// SPDX-License-Identifier: MIT
#pragma once
/* Commands over MQTT or D-Bus: from verb and JSON payload to a typed command or an error; and the reply.
 * Pure. Checks that names are well-formed (conf_name_is_valid()) and that every character of a text
 * can be seen; whether they exist is checked by the pipeline.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/result.h"
#include "coxad/core/terms.h"
#include "coxad/wire/logbook.h"

#define COMMAND_PAYLOAD_MAX  4096
#define COMMAND_MESSAGE_SIZE 320 /* the longest list of words that a member may be */
#define REQUEST_SIZE         129
#define COMMAND_WATCH_MAX_S  600

/* X(id, verb) */
#define COMMAND_LIST(X)                                                                            \
	X(SESSION_START, "session-start")                                                          \
	X(SESSION_END, "session-end")                                                              \
	X(CALIBRATE, "calibrate")                                                                  \
	X(SYMPTOM, "symptom")                                                                      \
	X(ACKNOWLEDGE, "acknowledge")                                                              \
	X(OVERRIDE, "override")                                                                    \
	X(CLEAR_SYMPTOMS, "clear-symptoms")                                                        \
	X(IDENTIFY, "identify")                                                                    \
	X(CUE, "cue")                                                                              \
	X(WATCH, "watch")                                                                          \
	X(HISTORY, "history")
#define COMMAND_ENUM_(id, text) COMMAND_##id,
TERM_ENUM(COMMAND, command_verb, COMMAND_LIST);

/* X(id, code as published) */
#define COMMAND_ERROR_LIST(X)                                                                      \
	X(NONE, "none")                                                                            \
	X(TOO_LARGE, "too_large")                                                                  \
	X(BAD_JSON, "bad_json") /* not a JSON object */                                            \
	X(UNKNOWN_VERB, "unknown_verb")                                                            \
	X(MISSING_MEMBER, "missing_member")                                                        \
	X(BAD_VALUE, "bad_value")                                                                  \
	X(UNKNOWN_KIT, "unknown_kit")                                                              \
	X(UNKNOWN_ATHLETE, "unknown_athlete")                                                      \
	X(UNKNOWN_WEARABLE, "unknown_wearable")                                                    \
	X(UNKNOWN_ALERT, "unknown_alert")                                                          \
	X(UNKNOWN_POP, "unknown_pop")                                                              \
	X(NO_SESSION, "no_session")                                                                \
	X(BUSY, "busy")                                                                            \
	X(NOT_CONNECTED, "not_connected")                                                          \
	X(NOT_SUPPORTED, "not_supported")                                                          \
	X(UNAVAILABLE, "unavailable") /* for now */
#define COMMAND_ERROR_ENUM_(id, text) COMMAND_ERROR_##id,
TERM_ENUM(COMMAND_ERROR, command_error, COMMAND_ERROR_LIST);

struct command {
	enum command_verb verb;
	char kit[NAME_SIZE], athlete[NAME_SIZE], wearable[NAME_SIZE], by[NAME_SIZE];
	char alert[ID_SIZE], pop[ID_SIZE];
	char reason[TEXT_SIZE];
	bool has_exercise;
	enum exercise exercise;
	enum calibration_step step;
	enum symptom_code symptom;
	enum body_site site;
	enum side side;
	int intensity; /* -1 unknown */
	char source[NAME_SIZE];
	enum pop_class class;
	enum cue_code cue;
	unsigned seconds;
	struct logbook_query query; /* of an athlete who is `athlete` too */
};

/* Where a reply goes. */
enum reply_kind {
	REPLY_MQTT, /* to the response topic of MQTT 5, or to the topic of its verb */
	REPLY_DBUS, /* to the call on the bus that waits for it, and nowhere else */
};
struct reply_to {
	enum reply_kind kind;
	const char *topic; /* NULL: that of the verb */
	const void *correlation;
	size_t correlation_size;
	uint64_t call; /* REPLY_DBUS: which one */
};

/* A command as it arrives. */
struct command_request {
	const char *topic; /* below the base: "command/calibrate" */
	const void *payload;
	size_t size;
	bool is_retained;
	struct reply_to reply_to;
};

struct command_reply {
	char request[REQUEST_SIZE]; /* the `request` of the payload, empty: none */
	enum command_error error;   /* NONE: ok */
	char message[COMMAND_MESSAGE_SIZE];
	const struct logbook_page *page; /* `data`, if the command is carried out; NULL: none */
};

/* The last word counts. */
void command_refuse(struct command_reply *reply, enum command_error error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* `verb` is what follows "command/". Fills *ret and *reply; on -EINVAL *reply says what is
 * wrong. */
int command_parse(const char *verb, const void *payload, size_t size, struct command *ret,
	struct command_reply *reply);
