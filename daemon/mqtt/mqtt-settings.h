// SPDX-License-Identifier: MIT
#pragma once
/* Everything that a session with the broker is made from: where, as whom, how long to wait. The
 * password is no part of it: it is read anew at each attempt, and wiped by the reader.
 */
#include <stddef.h>
#include <stdint.h>

#include "daemon/mqtt/paho.h"

struct mqtt_timing {
	int64_t ack_us;         /* no acknowledgement for so long: the connection is given up */
	int64_t backoff_min_us; /* before the second attempt */
	int64_t backoff_max_us;
	int64_t takeover_us; /* wait, where another client took our id */
	int connect_s, keep_alive_s;
};
extern const struct mqtt_timing mqtt_timing_default;

struct mqtt_settings {
	struct paho_connect connect;     /* password is not used, but: */
	const char *password_credential; /* a name below CREDENTIALS_DIRECTORY, or NULL */
	const char *password_file;       /* or NULL. Read at each attempt */
	const char *subscription;
	struct mqtt_timing timing;
};

/* Copies deeply; mqtt_settings_done frees. */
void mqtt_settings_copy(struct mqtt_settings *to, const struct mqtt_settings *from);
void mqtt_settings_done(struct mqtt_settings *settings);
/* Empty where none is configured; -errno where it cannot be read. */
int mqtt_settings_password(const struct mqtt_settings *settings, char *buffer, size_t size);
