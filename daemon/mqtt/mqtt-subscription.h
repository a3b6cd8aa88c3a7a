// SPDX-License-Identifier: MIT
#pragma once
/* The subscription to what is to arrive: commands. A broker that refuses it, or says nothing about it, still takes what
 * we send, so the connection stays; it is asked again, ever more slowly, until an administrator or time
 * has put it right.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/base/backoff.h"
#include "daemon/mqtt/mqtt-settings.h"

struct mqtt;
struct mail;

struct mqtt_subscription {
	sd_event_source *timer;
	struct backoff backoff;
	int token[MQTT_FILTERS_MAX]; /* of each filter that is asked for and not answered; or 0 */
	bool is_missing[MQTT_FILTERS_MAX]; /* what it matches does not arrive */
	int64_t reason;                    /* of the last refusal; 0: the broker does not answer */
	int extra;                         /* the token of the extra filter while it is asked for */
	bool is_extra_refused; /* or the connection ended over it: not asked for again */
};

int mqtt_subscription_init(struct mqtt *mqtt, uint64_t seed);
void mqtt_subscription_done(struct mqtt *mqtt);
/* In a new connection. Below 0: it is lost already. */
int mqtt_subscription_begin(struct mqtt *mqtt);
/* The connection is over. */
void mqtt_subscription_end(struct mqtt *mqtt);
/* A SUBACK: PAHO_MAIL_SUBSCRIBED. */
void mqtt_subscription_answered(struct mqtt *mqtt, const struct mail *mail);
/* Perhaps it is granted now: asks again at once, if it is missing. */
void mqtt_subscription_hurry(struct mqtt *mqtt);
/* False: not all of it arrives. ret_reason: why the broker refused; 0: it does not answer. */
bool mqtt_subscription_works(const struct mqtt *mqtt, int64_t *ret_reason);
