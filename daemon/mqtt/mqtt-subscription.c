// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-subscription.h"

#include "daemon/mqtt/mqtt-private.h"

static void set_timer(struct mqtt_subscription *subscription, int64_t in_us)
{
	sd_event_source_set_time_relative(subscription->timer, (uint64_t)in_us);
	sd_event_source_set_enabled(subscription->timer, SD_EVENT_ONESHOT);
}

static int ask(struct mqtt *mqtt)
{
	int r = paho_subscribe(mqtt->paho, mqtt->settings.subscription);

	mqtt->subscription.is_asked = r == 0;
	set_timer(&mqtt->subscription, mqtt->settings.timing.ack_us);
	return r;
}

static void ask_later(struct mqtt *mqtt, int64_t reason, const char *said)
{
	struct mqtt_subscription *subscription = &mqtt->subscription;

	subscription->is_asked = false;
	subscription->is_missing = true;
	subscription->reason = reason;
	mqtt_report_subscription(&mqtt->report, mqtt->settings.subscription, reason, said);
	set_timer(subscription,
		backoff_next(&subscription->backoff, mqtt->settings.timing.hold_min_us,
			mqtt->settings.timing.hold_max_us));
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct mqtt *mqtt = user;

	if (mqtt->state != MQTT_STATE_UP)
		return 0;
	if (mqtt->subscription.is_asked)
		ask_later(mqtt, 0, NULL);
	else
		ask(mqtt);
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
	backoff_reset(&mqtt->subscription.backoff);
	return mqtt->settings.subscription ? ask(mqtt) : 0;
}

void mqtt_subscription_end(struct mqtt *mqtt)
{
	sd_event_source_set_enabled(mqtt->subscription.timer, SD_EVENT_OFF);
	mqtt->subscription.is_asked = mqtt->subscription.is_missing = false;
}

void mqtt_subscription_answered(struct mqtt *mqtt, const struct mail *mail)
{
	struct mqtt_subscription *subscription = &mqtt->subscription;

	if (mqtt->state != MQTT_STATE_UP)
		return;
	if (mail->number >= 0x80) {
		ask_later(mqtt, mail->number, mail->data);
		return;
	}
	if (subscription->is_missing)
		mqtt_report_subscribed(mqtt->settings.subscription);
	mqtt_subscription_end(mqtt);
}

void mqtt_subscription_hurry(struct mqtt *mqtt)
{
	if (mqtt->state == MQTT_STATE_UP && mqtt->subscription.is_missing &&
		!mqtt->subscription.is_asked)
		ask(mqtt);
}

bool mqtt_subscription_works(const struct mqtt *mqtt, int64_t *ret_reason)
{
	*ret_reason = mqtt->subscription.reason;
	return !mqtt->subscription.is_missing;
}
