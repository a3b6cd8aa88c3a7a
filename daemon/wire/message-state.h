// SPDX-License-Identifier: MIT
#pragma once
/* The payload of each state and sample: how things are now, only the newest counts. Each returns a
 * new object; NULL stands for an empty payload, which removes the retained state.
 */
#include <jansson.h>

#include "coxad/core/health.h"
#include "daemon/wire/message-build.h"

json_t *message_state_posture(const struct posture_result *posture);
json_t *message_state_alerts(
	const struct message_encoder *encoder, const struct alerts_result *alerts);
json_t *message_state_session(
	const struct message_encoder *encoder, const struct session_result *session);
json_t *message_state_calibration(const struct calibration_result *calibration);
json_t *message_state_summary(
	const struct message_encoder *encoder, const struct summary_result *summary);
json_t *message_state_wearable(
	const struct message_encoder *encoder, const struct wearable_result *wearable);
json_t *message_state_live(const struct live_result *live);
json_t *message_state_health(const struct message_encoder *encoder, const struct health *health);
