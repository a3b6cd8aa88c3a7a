// SPDX-License-Identifier: MIT
#pragma once
/* All settings of a connection to the broker, from the configuration: where, as whom, how long to
 * wait. Owns its strings. The password is not part of it: it is read again for
 * each attempt and wiped by the reader.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/config/broker-url.h"
#include "coxad/config/conf.h"
#include "coxad/wire/message.h"
#include "daemon/mqtt/paho.h"
#include "daemon/mqtt/secret.h"
#include "daemon/mqtt/tls-probe.h"

struct mqtt_timing {
	int64_t ack_us;         /* without an acknowledgement for this long, reconnect */
	int64_t backoff_min_us; /* before the second attempt */
	int64_t backoff_max_us;
	int64_t takeover_us; /* wait when another client took our id */
	int connect_s, keep_alive_s;
	int64_t hold_min_us; /* before a refused message is sent again, and doubled each time */
	int64_t hold_max_us;
	int64_t aside_min_us; /* before what was set aside is tried again; doubled each time */
	int64_t aside_max_us;
};
extern const struct mqtt_timing mqtt_settings_timing;

#define MQTT_FILTERS_MAX 8

/* What a connection is for. Borrowed during the call, but for `incoming`. */
struct mqtt_use {
	const char *incoming;       /* in the journal: "commands" */
	const char *client_suffix;  /* follows the client id; NULL: nothing */
	const char *const *filters; /* below the base */
	size_t n_filters;           /* 0: nothing arrives */
	const char *extra;   /* below the base; nothing is amiss if it is refused; NULL: none */
	size_t arrival_max;  /* bytes of a payload */
	unsigned packet_max; /* as in paho_connect */
	size_t waiting_max;  /* bytes of what has arrived and waits for the loop */
	const struct message *will; /* topic NULL: no will */
	const struct mqtt_timing *timing;
};

struct mqtt_settings {
	struct paho_connect connect;     /* its password is not used */
	const char *password_credential; /* a name below CREDENTIALS_DIRECTORY, or NULL */
	const char *password_file;       /* or NULL */
	const char *filter[MQTT_FILTERS_MAX];
	size_t n_filters;
	const char *extra; /* or NULL */
	const char *incoming;
	size_t waiting_max;
	char host[BROKER_HOST_SIZE]; /* of the broker */
	struct tls_probe *probe;     /* owned; NULL: not encrypted */
	struct mqtt_timing timing;
};

/* Copies everything. conf has a broker. */
void mqtt_settings_init(
	struct mqtt_settings *ret, const struct conf *conf, const struct mqtt_use *use);
void mqtt_settings_done(struct mqtt_settings *settings);
/* False if a running connection would have to be made again. */
bool mqtt_settings_is_same(const struct mqtt_settings *a, const struct mqtt_settings *b);
/* The password (text NULL: none is configured), after a look at the files that Paho will read. -errno:
 * no connection can or must be made; ret_error says why. */
int mqtt_settings_open(const struct mqtt_settings *settings, struct secret *ret_password,
	char ret_error[static FILE_TEXT_ERROR_SIZE]);
/* The same without the password. */
int mqtt_settings_check(
	const struct mqtt_settings *settings, char ret_error[static FILE_TEXT_ERROR_SIZE]);
/* To the journal, later: why an encrypted connection failed. */
void mqtt_settings_explain(const struct mqtt_settings *settings);
