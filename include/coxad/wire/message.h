// SPDX-License-Identifier: MIT
#pragma once
/* From results to messages: topic, JSON payload, QoS, retain, expiry, and class for the outbox. Pure:
 * wall time and sequence numbers come from the encoder. doc/schemas/ has a JSON Schema for each
 * payload.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/conf.h"
#include "coxad/core/result.h"
#include "coxad/core/time/wall-clock.h"
#include "coxad/wire/command.h"

/* When the outbox is full, the lowest class is dropped first. */
enum message_class {
	MESSAGE_CLASS_SAMPLE, /* QoS 0, never stored: posture, stats */
	MESSAGE_CLASS_STATE,  /* retained; only the newest of a topic is kept */
	MESSAGE_CLASS_REP,
	MESSAGE_CLASS_POP,
	MESSAGE_CLASS_CUE,
	MESSAGE_CLASS_ALERT,
};

struct message {
	int64_t t_us;      /* when it was made, host time */
	const char *topic; /* complete, with the base */
	const char *payload;
	size_t size; /* 0: an empty retained message, which removes the topic */
	unsigned qos;
	bool retain;
	unsigned expiry_s; /* 0: none */
	enum message_class class;
	bool is_event;            /* has id and seq, may get late_ms */
	const char *id;           /* of an event, NULL otherwise */
	uint64_t seq;             /* of an event */
	struct reply_to reply_to; /* of a command's reply, live */
};

struct message_encoder;
/* Borrows conf and clock while it lives. Each id begins with `run`; `first_seq` is the seq of the
 * first event (the outbox remembers the last one). */
struct message_encoder *message_encoder_new(const struct conf *conf, const struct wall_clock *clock,
	const char *run, uint64_t first_seq);
struct message_encoder *message_encoder_free(struct message_encoder *encoder);

/* 0 and *ret filled; its strings live in the encoder until the next call. */
int message_encode(struct message_encoder *encoder, int64_t now_us, const struct result *result,
	struct message *ret);
int message_encode_reply(struct message_encoder *encoder, int64_t now_us, const char *verb,
	const struct command_reply *reply, struct message *ret);

/* gateway/<gateway>/status. adapters: addresses, of which only the last two bytes are published, as
 * an address never leaves the gateway. */
struct gateway_status {
	bool is_online;
	int64_t since_us;
	const char *version;
	const char *const *adapters;
	size_t n_adapters;
};
int message_encode_status(struct message_encoder *encoder, int64_t now_us,
	const struct gateway_status *status, struct message *ret);
struct health;
/* gateway/<gateway>/health. */
int message_encode_health(struct message_encoder *encoder, int64_t now_us,
	const struct health *health, struct message *ret);
/* gateway/<gateway>/stats: counters and gauges by name, in the given order. */
struct stat_entry {
	const char *name;
	double value; /* NAN: null */
	bool is_integer;
};
int message_encode_stats(struct message_encoder *encoder, int64_t now_us,
	const struct stat_entry *entries, size_t n, struct message *ret);
