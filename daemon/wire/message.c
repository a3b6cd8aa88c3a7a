// SPDX-License-Identifier: MIT
#include "coxad/wire/message.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/address.h"
#include "coxad/base/alloc.h"
#include "coxad/config/conf-name.h"
#include "daemon/wire/logbook-page.h"
#include "daemon/wire/message-build.h"
#include "daemon/wire/message-event.h"
#include "daemon/wire/message-state.h"
#include "daemon/wire/payload.h"

struct message_encoder *message_encoder_new(const struct conf *conf, const struct wall_clock *clock,
	const char *run, uint64_t first_seq)
{
	struct message_encoder *encoder = new0(struct message_encoder);

	encoder->conf = conf;
	encoder->clock = clock;
	encoder->next_seq = first_seq;
	encoder->capacity = 2048;
	encoder->payload = alloc_zero(encoder->capacity, 1);
	snprintf(encoder->run, sizeof(encoder->run), "%s", run);
	return encoder;
}

struct message_encoder *message_encoder_free(struct message_encoder *encoder)
{
	if (encoder) {
		free(encoder->payload);
		free(encoder);
	}
	return NULL;
}

int message_encode(struct message_encoder *encoder, int64_t now_us, const struct result *result,
	struct message *ret)
{
	encoder->now_us = now_us;
	switch (result->kind) {
	case RESULT_POSTURE:
		return message_build_finish(encoder, TOPIC_POSTURE, result->posture->athlete,
			message_state_posture(result->posture), ret);
	case RESULT_REP:
		return message_build_finish(encoder, TOPIC_REP, result->rep->athlete,
			message_event_rep(encoder, result->rep), ret);
	case RESULT_POP:
		return message_build_finish(encoder, TOPIC_POP, result->pop->athlete,
			message_event_pop(encoder, result->pop), ret);
	case RESULT_CUE:
		return message_build_finish(encoder, TOPIC_CUE, result->cue->athlete,
			message_event_cue(encoder, result->cue), ret);
	case RESULT_ALERT:
		return message_build_finish(encoder, TOPIC_ALERT, result->alert->athlete,
			message_event_alert(encoder, result->alert), ret);
	case RESULT_ALERTS:
		return message_build_finish(encoder, TOPIC_ALERTS, result->alerts->athlete,
			message_state_alerts(encoder, result->alerts), ret);
	case RESULT_SESSION:
		return message_build_finish(encoder, TOPIC_SESSION, result->session->kit,
			message_state_session(encoder, result->session), ret);
	case RESULT_CALIBRATION:
		return message_build_finish(encoder, TOPIC_CALIBRATION, result->calibration->kit,
			message_state_calibration(result->calibration), ret);
	case RESULT_SUMMARY:
		return message_build_finish(encoder, TOPIC_SUMMARY, result->summary->athlete,
			message_state_summary(encoder, result->summary), ret);
	case RESULT_WEARABLE:
		if (result->wearable->wearable >= encoder->conf->n_wearables)
			return -EINVAL;
		return message_build_finish(encoder, TOPIC_WEARABLE_STATUS,
			encoder->conf->wearable[result->wearable->wearable].name,
			message_state_wearable(encoder, result->wearable), ret);
	case RESULT_LIVE:
		if (result->live->wearable >= encoder->conf->n_wearables)
			return -EINVAL;
		return message_build_finish(encoder, TOPIC_WEARABLE_LIVE,
			encoder->conf->wearable[result->live->wearable].name,
			message_state_live(result->live), ret);
	case RESULT_ACT: /* for the logbook alone */
	case RESULT_COUNT:
		break;
	}
	return -EINVAL;
}

int message_encode_reply(struct message_encoder *encoder, int64_t now_us, const char *verb,
	const struct command_reply *reply, struct message *ret)
{
	json_t *o = json_object();

	encoder->now_us = now_us;
	if (reply->request[0])
		payload_set_text(o, "request", reply->request);
	payload_set_bool(o, "ok", reply->error == COMMAND_ERROR_NONE);
	if (reply->error == COMMAND_ERROR_NONE && reply->page)
		json_object_set_new(o, "data", logbook_page_make(reply->page));
	if (reply->error != COMMAND_ERROR_NONE) {
		payload_set_text(o, "error", command_error_to_string(reply->error));
		payload_set_text(o, "message",
			reply->message[0] ? reply->message : command_error_to_string(reply->error));
	}
	/* Only a hand-made capture can contain a verb that cannot be part of a topic. */
	return message_build_finish(
		encoder, TOPIC_COMMAND_RESULT, conf_name_is_valid(verb) ? verb : "unknown", o, ret);
}

static json_t *make_adapter(const char *address)
{
	char text[ADDRESS_SHORT_SIZE];

	address_shorten(address, text);
	return json_string(text);
}

int message_encode_status(struct message_encoder *encoder, int64_t now_us,
	const struct gateway_status *status, struct message *ret)
{
	json_t *o = json_object(), *adapters = json_array();

	encoder->now_us = now_us;
	payload_set_text(o, "state", status->is_online ? "online" : "offline");
	payload_set_text(o, "version", status->version);
	payload_set_time(o, "since", encoder->clock, status->since_us);
	payload_set_text(o, "config_hash", encoder->conf->hash);
	for (size_t i = 0; i < status->n_adapters; i++)
		json_array_append_new(adapters, make_adapter(status->adapters[i]));
	json_object_set_new(o, "adapters", adapters);
	return message_build_finish(
		encoder, TOPIC_GATEWAY_STATUS, encoder->conf->gateway.name, o, ret);
}

int message_encode_health(struct message_encoder *encoder, int64_t now_us,
	const struct health *health, struct message *ret)
{
	encoder->now_us = now_us;
	return message_build_finish(encoder, TOPIC_GATEWAY_HEALTH, encoder->conf->gateway.name,
		message_state_health(encoder, health), ret);
}

/* "drops.length" becomes the member "length" of an object "drops". */
static void set_stat(json_t *stats, const struct stat_entry *entry)
{
	const char *dot = strchr(entry->name, '.'), *key = entry->name;
	char group[64];
	json_t *in = stats;

	if (dot && (size_t)(dot - key) < sizeof(group)) {
		snprintf(group, sizeof(group), "%.*s", (int)(dot - key), key);
		in = json_object_get(stats, group);
		if (!json_is_object(in)) {
			in = json_object();
			json_object_set_new(stats, group, in);
		}
		key = dot + 1;
	}
	if (entry->is_integer && entry->value >= -1e15 && entry->value <= 1e15)
		payload_set_integer(in, key, (int64_t)entry->value);
	else
		payload_set_number(in, key, entry->value, 3);
}

int message_encode_stats(struct message_encoder *encoder, int64_t now_us,
	const struct stat_entry *entries, size_t n, struct message *ret)
{
	json_t *o = json_object();

	encoder->now_us = now_us;
	payload_set_integer(o, "t_us", now_us);
	payload_set_time(o, "time", encoder->clock, now_us);
	for (size_t i = 0; i < n; i++)
		set_stat(o, &entries[i]);
	return message_build_finish(
		encoder, TOPIC_GATEWAY_STATS, encoder->conf->gateway.name, o, ret);
}
