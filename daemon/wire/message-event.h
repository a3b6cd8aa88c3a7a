// SPDX-License-Identifier: MIT
#pragma once
/* The payload of each event: something that happened to an athlete. Each returns a new object and
 * uses up one seq of the encoder.
 */
#include <jansson.h>

#include "daemon/wire/message-build.h"

json_t *message_event_rep(struct message_encoder *encoder, const struct rep_result *rep);
json_t *message_event_pop(struct message_encoder *encoder, const struct pop_result *pop);
json_t *message_event_cue(struct message_encoder *encoder, const struct cue_result *cue);
json_t *message_event_alert(struct message_encoder *encoder, const struct alert_result *alert);
/* The members from `kit` on, which the event and the list of open alerts have in common. */
void message_event_set_alert(
	json_t *object, const struct message_encoder *encoder, const struct alert_result *alert);
