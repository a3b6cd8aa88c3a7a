// SPDX-License-Identifier: MIT
#pragma once
/* What is wrong now: a list of problems for gateway/<name>/health. Whoever can see a problem raises
 * it by code and subject, and clears it when it is solved; to raise the same again changes at most
 * its text. What has no end that anyone could see is forgotten a while after it last happened.
 * Owns copies of the texts. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/result.h"

enum health_severity { HEALTH_SEVERITY_WARNING, HEALTH_SEVERITY_FAILURE };
enum health_state { HEALTH_STATE_OK, HEALTH_STATE_WARNING, HEALTH_STATE_FAILURE };

/* X(id, code, severity, forgotten after so many seconds; 0: when it is cleared)
 * The codes are a contract. coxad(8) says what each means. */
#define HEALTH_CODE_LIST(X)                                                                        \
	X(MESSAGES_HELD, "messages_held", WARNING, 0)                                              \
	X(MESSAGES_SET_ASIDE, "messages_set_aside", FAILURE, 0)                                    \
	X(MESSAGES_DROPPED, "messages_dropped", FAILURE, 300)                                      \
	X(COMMANDS_DROPPED, "commands_dropped", WARNING, 300)                                      \
	X(SAMPLES_DROPPED, "samples_dropped", WARNING, 300)                                        \
	X(NOT_ON_DISK, "not_on_disk", FAILURE, 0)                                                  \
	X(STORE_DAMAGED, "store_damaged", WARNING, 0)                                              \
	X(BROKER_UNKNOWN_HOST, "broker_unknown_host", FAILURE, 0)                                  \
	X(BROKER_UNREACHABLE, "broker_unreachable", FAILURE, 0)                                    \
	X(BROKER_TLS, "broker_tls", FAILURE, 0)                                                    \
	X(BROKER_LOGIN, "broker_login", FAILURE, 0)                                                \
	X(BROKER_REFUSED, "broker_refused", FAILURE, 0)                                            \
	X(BROKER_FILES, "broker_files", FAILURE, 0)                                                \
	X(BROKER_NO_RETAIN, "broker_no_retain", WARNING, 0)                                        \
	X(BROKER_NO_QOS, "broker_no_qos", WARNING, 0)                                              \
	X(BROKER_NO_COMMANDS, "broker_no_commands", FAILURE, 0)                                    \
	X(WEARABLE_FLOODS, "wearable_floods", WARNING, 300)                                        \
	X(COMMANDS_FLOOD, "commands_flood", WARNING, 300)                                          \
	X(ADAPTER_SILENT, "adapter_silent", FAILURE, 0)                                            \
	X(ADAPTER_ABSENT, "adapter_absent", FAILURE, 0)                                            \
	X(ADAPTER_DEAF, "adapter_deaf", WARNING, 0)                                                \
	X(ADAPTER_SHARED, "adapter_shared", WARNING, 300)                                          \
	X(SLOTS_SHORT, "slots_short", WARNING, 0)                                                  \
	X(SLOTS_LEARNED, "slots_learned", WARNING, 0)                                              \
	X(BLUEZ_OLD, "bluez_old", WARNING, 0)                                                      \
	X(SUPERVISION_SHORT, "supervision_short", WARNING, 0)                                      \
	X(SITE_SHARED, "site_shared", WARNING, 0)                                                  \
	X(CLIENT_ID_TAKEN, "client_id_taken", FAILURE, 300)                                        \
	X(RADIO_SILENT, "radio_silent", FAILURE, 0)                                                \
	X(RADIO_VERSION, "radio_version", FAILURE, 0)                                              \
	X(RADIO_NAME_TAKEN, "radio_name_taken", FAILURE, 300)                                      \
	X(BOND_ELSEWHERE, "bond_elsewhere", WARNING, 0)

enum health_code {
#define HEALTH_ENUM_(id, code, severity, lasts_s) HEALTH_##id,
	HEALTH_CODE_LIST(HEALTH_ENUM_)
#undef HEALTH_ENUM_
		HEALTH_CODE_COUNT
};

#define HEALTH_TEXT_SIZE 320
/* One for each wearable of the largest gym, and as many others; more are only counted. */
#define HEALTH_MAX 1024

struct health_report {
	enum health_code code;
	const char *subject; /* a name from the configuration, or one word: broker, outbox, ... */
	/* What is wrong and what to do, without athletes' names, shorter than HEALTH_TEXT_SIZE;
	 * NULL: solved. */
	const char *text;
};

struct health_problem {
	enum health_code code;
	char subject[NAME_SIZE];
	char text[HEALTH_TEXT_SIZE];
	int64_t since_us;
	int64_t until_us; /* T_NEVER: until it is cleared */
};

/* Empty when zero. */
struct health {
	struct health_problem problem[HEALTH_MAX]; /* in the order in which they began */
	unsigned n;
	uint64_t untold; /* for which there was no space */
};

/* True if the list is another one now. */
bool health_note(struct health *health, int64_t now_us, const struct health_report *report);
/* Forgets what has not happened for long enough; true if there was any. */
bool health_advance(struct health *health, int64_t now_us);
int64_t health_deadline(const struct health *health);

/* That of the worst problem. */
enum health_state health_state(const struct health *health);
enum health_severity health_severity(enum health_code code);
const char *health_code_to_string(enum health_code code);
const char *health_severity_to_string(enum health_severity severity);
const char *health_state_to_string(enum health_state state);
