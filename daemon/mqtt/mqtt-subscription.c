// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-subscription.h"

#include <string.h>

#include "daemon/mqtt/mqtt-private.h"

static void set_timer(struct mqtt_subscription *subscription, int64_t in_us)
{
	sd_event_source_set_time_relative(subscription->timer, (uint64_t)in_us);
	sd_event_source_set_enabled(subscription->timer, SD_EVENT_ONESHOT);
}

static bool any_asked(const struct mqtt *mqtt)
{
	for (size_t i = 0; i < mqtt->settings.n_filters; i++)
		if (mqtt->subscription.token[i])
			return true;
	return false;
}

static bool any_missing(const struct mqtt *mqtt)
{
	for (size_t i = 0; i < mqtt->settings.n_filters; i++)
		if (mqtt->subscription.is_missing[i])
			return true;
	return false;
}

static int ask(struct mqtt *mqtt, size_t i)
{
	int r = paho_subscribe(mqtt->paho, mqtt->settings.filter[i]);

	mqtt->subscription.token[i] = r > 0 ? r : 0;
	set_timer(&mqtt->subscription, mqtt->settings.timing.ack_us);
	return r > 0 ? 0 : r;
}

static void ask_missing(struct mqtt *mqtt)
{
	for (size_t i = 0; i < mqtt->settings.n_filters; i++)
		if (mqtt->subscription.is_missing[i])
			ask(mqtt, i);
}

static void ask_later(struct mqtt *mqtt, size_t i, int64_t reason, const char *said)
{
	struct mqtt_subscription *subscription = &mqtt->subscription;

	subscription->token[i] = 0;
	subscription->is_missing[i] = true;
	subscription->reason = reason;
	mqtt_report_subscription(&mqtt->report, mqtt->settings.filter[i], reason, said);
	if (!any_asked(mqtt))
		set_timer(subscription,
			backoff_next(&subscription->backoff, mqtt->settings.timing.hold_min_us,
				mqtt->settings.timing.hold_max_us));
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct mqtt *mqtt = user;

	if (mqtt->state != MQTT_STATE_UP)
		return 0;
	if (!any_asked(mqtt)) {
		ask_missing(mqtt);
		return 0;
	}
	for (size_t i = 0; i < mqtt->settings.n_filters; i++)
		if (mqtt->subscription.token[i])
			ask_later(mqtt, i, 0, NULL);
	return 0;
}

int mqtt_subscription_init(struct mqtt *mqtt, uint64_t seed)
{
	int r;

	backoff_init(&mqtt->subscription.backoff, seed);
	r = sd_event_add_time_relative(
		mqtt->loop, &mqtt->subscription.timer, CLOCK_MONOTONIC, 0, 0, on_timer, mqtt);
	if (r >= 0)
		sd_event_source_set_enabled(mqtt->subscription.timer, SD_EVENT_OFF);
	return r;
}

void mqtt_subscription_done(struct mqtt *mqtt)
{
	sd_event_source_disable_unref(mqtt->subscription.timer);
}

int mqtt_subscription_begin(struct mqtt *mqtt)
{
	int r = 0;

	backoff_reset(&mqtt->subscription.backoff);
	for (size_t i = 0; r == 0 && i < mqtt->settings.n_filters; i++)
		r = ask(mqtt, i);
	return r;
}

void mqtt_subscription_end(struct mqtt *mqtt)
{
	struct mqtt_subscription *subscription = &mqtt->subscription;

	sd_event_source_set_enabled(subscription->timer, SD_EVENT_OFF);
	memset(subscription->token, 0, sizeof(subscription->token));
	memset(subscription->is_missing, 0, sizeof(subscription->is_missing));
	subscription->is_extra_refused |= subscription->extra != 0;
	subscription->extra = 0;
}

/* After the others: some brokers end the connection of whom they do not allow a filter. */
static void ask_extra(struct mqtt *mqtt)
{
	struct mqtt_subscription *subscription = &mqtt->subscription;
	int r = 0;

	if (mqtt->settings.extra && !subscription->is_extra_refused)
		r = paho_subscribe(mqtt->paho, mqtt->settings.extra);
	subscription->extra = r > 0 ? r : 0;
}

static void granted(struct mqtt *mqtt, size_t i)
{
	struct mqtt_subscription *subscription = &mqtt->subscription;

	if (subscription->is_missing[i])
		mqtt_report_subscribed(&mqtt->report, mqtt->settings.filter[i]);
	subscription->token[i] = 0;
	subscription->is_missing[i] = false;
	if (any_asked(mqtt) || any_missing(mqtt))
		return;
	sd_event_source_set_enabled(subscription->timer, SD_EVENT_OFF);
	ask_extra(mqtt);
}

void mqtt_subscription_answered(struct mqtt *mqtt, const struct mail *mail)
{
	if (mqtt->state != MQTT_STATE_UP)
		return;
	if (mail->detail && mail->detail == mqtt->subscription.extra) {
		mqtt->subscription.extra = 0;
		mqtt->subscription.is_extra_refused = mail->number >= 0x80;
		return;
	}
	for (size_t i = 0; i < mqtt->settings.n_filters; i++) {
		if (!mail->detail || mqtt->subscription.token[i] != mail->detail)
			continue;
		if (mail->number >= 0x80)
			ask_later(mqtt, i, mail->number, mail->data);
		else
			granted(mqtt, i);
		return;
	}
}

void mqtt_subscription_hurry(struct mqtt *mqtt)
{
	if (mqtt->state == MQTT_STATE_UP && !any_asked(mqtt))
		ask_missing(mqtt);
}

bool mqtt_subscription_works(const struct mqtt *mqtt, int64_t *ret_reason)
{
	*ret_reason = mqtt->subscription.reason;
	return !any_missing(mqtt);
}
