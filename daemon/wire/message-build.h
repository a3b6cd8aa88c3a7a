// SPDX-License-Identifier: MIT
#pragma once
/* Inside of the message encoder: its state, and how values become JSON. Numbers are rounded to
 * what they can mean, so that a replay gives the same bytes on every machine; an unknown one is
 * null. Each make_ function gives a new object, NULL for an empty payload.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "coxad/wire/message.h"
#include "daemon/wire/topic.h"

#define MESSAGE_TOPIC_SIZE 256

struct message_encoder {
	const struct conf *conf;
	const struct wall_clock *clock;
	char run[ID_SIZE - 12]; /* an id adds a mark and a number to it */
	uint64_t next_seq;
	char topic[MESSAGE_TOPIC_SIZE];
	char id[ID_SIZE];
	char order_key[NAME_SIZE];
	char *payload; /* grows to the longest message */
	size_t room;
};

/* id, time, time_uncertainty_ms, gateway, seq: what every event begins with. id NULL: a new one.
 * Counts seq up. */
json_t *message_event(
	struct message_encoder *encoder, const char *id, int64_t t_us, double uncertainty_ms);
/* Writes the object (takes it; NULL: an empty payload) and fills *ret by the topic's row. */
int message_finish(struct message_encoder *encoder, int64_t now_us, enum topic topic,
	const char *name, json_t *object, struct message *ret);

void message_set_text(json_t *object, const char *key, const char *text); /* NULL, "": null */
void message_set_integer(json_t *object, const char *key, int64_t value);
void message_set_bool(json_t *object, const char *key, bool value);
/* Rounded to so many decimals. */
/* Rounded to so many decimals; null where it is not finite. */
json_t *message_number(double value, int decimals);
void message_set_number(json_t *object, const char *key, double value, int decimals);
/* UTC, null where the wall clock was never set. */
void message_set_time(
	json_t *object, const char *key, const struct message_encoder *encoder, int64_t t_us);
/* Names of the set, in the order of CODE_LIST. */
void message_set_codes(json_t *object, const char *key, uint64_t codes);
void message_set_ids(json_t *object, const char *key, unsigned n, const char (*ids)[ID_SIZE]);

/* message-event.c */
json_t *message_make_rep(struct message_encoder *encoder, const struct rep_result *rep);
json_t *message_make_pop(struct message_encoder *encoder, const struct pop_result *pop);
json_t *message_make_cue(struct message_encoder *encoder, const struct cue_result *cue);
json_t *message_make_alert(struct message_encoder *encoder, const struct alert_result *alert);
/* From kit on: what the event and the list of open alerts say of one. */
void message_set_alert(
	json_t *object, const struct message_encoder *encoder, const struct alert_result *alert);

/* message-state.c */
json_t *message_make_posture(const struct posture_result *posture);
json_t *message_make_alerts(
	const struct message_encoder *encoder, const struct alerts_result *alerts);
json_t *message_make_session(
	const struct message_encoder *encoder, const struct session_result *session);
json_t *message_make_calibration(const struct calibration_result *calibration);
json_t *message_make_summary(
	const struct message_encoder *encoder, const struct summary_result *summary);
json_t *message_make_wearable(
	const struct message_encoder *encoder, const struct wearable_result *wearable);
