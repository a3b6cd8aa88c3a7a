// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sink-health.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/mqtt/mqtt-reason.h"
#include "daemon/mqtt/mqtt-subscription.h"
#include "daemon/mqtt/mqtt-trouble.h"
#include "daemon/mqtt/sink-mqtt-private.h"

/* Many changes in one second are told once. */
#define CHECK_US (US_PER_S / 4)

struct count {
	size_t held, aside, alerts_aside;
};

static __attribute__((format(printf, 4, 5))) void tell(const struct sink_mqtt *sink,
	enum health_code code, const char *subject, const char *format, ...)
{
	char text[HEALTH_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sink->ops.health(sink->user,
		&(struct health_report){.code = code, .subject = subject, .text = text});
}

static void solved(const struct sink_mqtt *sink, enum health_code code, const char *subject)
{
	sink->ops.health(sink->user, &(struct health_report){.code = code, .subject = subject});
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void count_entry(void *user, struct outbox_entry *entry)
{
	struct count *count = user;

	count->held += entry->trouble == OUTBOX_TROUBLE_HELD;
	if (entry->trouble != OUTBOX_TROUBLE_ASIDE)
		return;
	count->aside++;
	count->alerts_aside += entry->item.class >= MESSAGE_CLASS_ALERT;
}

static void check_refused(struct sink_mqtt *sink, const struct count *count)
{
	char reason[MQTT_REASON_TEXT_SIZE];
	const char *advice;

	if (count->held) {
		advice = mqtt_reason_advice(sink->health.held_reason);
		tell(sink, HEALTH_MESSAGES_HELD, "broker",
			"The broker refuses %zu message%s for now: %s. Each is sent again, and holds "
			"up no other. If this lasts, %s.",
			count->held, plural(count->held),
			mqtt_reason_print(sink->health.held_reason, NULL, reason, sizeof(reason)),
			*advice ? advice : "see the broker's log");
	} else {
		solved(sink, HEALTH_MESSAGES_HELD, "broker");
	}
	if (count->aside) {
		advice = mqtt_reason_advice(sink->health.aside_reason);
		tell(sink, HEALTH_MESSAGES_SET_ASIDE, "broker",
			"The broker does not take %zu message%s (%s), %zu of them alert%s: set aside, "
			"and tried again now and then, after a reconnect and at a reload. To have "
			"them delivered, %s.",
			count->aside, plural(count->aside),
			mqtt_reason_print(sink->health.aside_reason, NULL, reason, sizeof(reason)),
			count->alerts_aside, plural(count->alerts_aside),
			*advice ? advice : "see the broker's log");
	} else {
		solved(sink, HEALTH_MESSAGES_SET_ASIDE, "broker");
	}
}

/* What has happened since it was told last. */
static void check_lost(struct sink_mqtt *sink, const struct mqtt_counters *mqtt)
{
	struct sink_health *told = &sink->health;
	uint64_t dropped = outbox_n_gone(sink->outbox, OUTBOX_GONE_FULL) +
			   outbox_n_gone(sink->outbox, OUTBOX_GONE_AGED);

	if (dropped > told->dropped)
		tell(sink, HEALTH_MESSAGES_DROPPED, "outbox",
			"The outbox was full, or events were older than max-age: %" PRIu64
			" are lost since the start, the least important first. See why the broker "
			"is away, or raise max-events in [outbox].",
			dropped);
	if (mqtt->arrivals_dropped > told->commands)
		tell(sink, HEALTH_COMMANDS_DROPPED, "broker",
			"%" PRIu64 " commands since the start were lost before they were carried "
			"out, because the connection ended or there were too many. Send again what "
			"was not answered.",
			mqtt->arrivals_dropped);
	if (sink->samples_late > told->samples)
		tell(sink, HEALTH_SAMPLES_DROPPED, "broker",
			"The broker or the network is too slow: %" PRIu64 " samples (posture, live "
			"values) since the start were left out. Events are not affected.",
			sink->samples_late);
	if (mqtt->takeovers > told->takeovers)
		tell(sink, HEALTH_CLIENT_ID_TAKEN, "broker",
			"Another client connects with the client-id of this gateway, and the two "
			"throw each other out. Give each its own client-id in [mqtt].");
	told->dropped = dropped;
	told->commands = mqtt->arrivals_dropped;
	told->samples = sink->samples_late;
	told->takeovers = mqtt->takeovers;
}

static void check_disk(const struct sink_mqtt *sink)
{
	struct outbox_persister_counters disk;

	outbox_persister_get_counters(sink->persister, &disk);
	if (disk.is_in_memory)
		tell(sink, HEALTH_NOT_ON_DISK, "outbox",
			"Events are kept in memory only: a power cut or a restart would lose what "
			"the broker has not got. See whether the state directory can be written "
			"and the disk is full.");
	else
		solved(sink, HEALTH_NOT_ON_DISK, "outbox");
	if (disk.replaced || disk.damaged)
		tell(sink, HEALTH_STORE_DAMAGED, "outbox",
			"The outbox on disk was damaged. What could be read is sent; the rest is kept "
			"beside it (outbox.db.bad, or its table damaged). Look at the disk or the "
			"SD card, then restart coxad.");
}

static void check_offer(const struct sink_mqtt *sink)
{
	const struct paho_offer *offer = mqtt_get_offer(sink->mqtt);

	if (!offer)
		return;
	if (offer->has_retain)
		solved(sink, HEALTH_BROKER_NO_RETAIN, "broker");
	else
		tell(sink, HEALTH_BROKER_NO_RETAIN, "broker",
			"The broker keeps no retained messages: a screen that is opened late sees "
			"a state only when it changes. Allow retained messages in its settings.");
	if (offer->maximum_qos)
		solved(sink, HEALTH_BROKER_NO_QOS, "broker");
	else
		tell(sink, HEALTH_BROKER_NO_QOS, "broker",
			"The broker acknowledges nothing (maximum QoS 0): what is lost on the way, "
			"alerts too, is not sent again. Allow QoS 1 in its settings.");
}

static const struct {
	enum mqtt_trouble trouble;
	enum health_code code;
	const char *text;
} troubles[] = {
	{MQTT_TROUBLE_HOST, HEALTH_BROKER_UNKNOWN_HOST, "The broker's address is not known"},
	{MQTT_TROUBLE_UNREACHABLE, HEALTH_BROKER_UNREACHABLE, "The broker cannot be reached"},
	{MQTT_TROUBLE_TLS, HEALTH_BROKER_TLS, "There is no encrypted connection to the broker"},
	{MQTT_TROUBLE_LOGIN, HEALTH_BROKER_LOGIN, "The broker does not let coxad in"},
	{MQTT_TROUBLE_REFUSED, HEALTH_BROKER_REFUSED, "The broker refuses the connection"},
	{MQTT_TROUBLE_FILES, HEALTH_BROKER_FILES, "coxad does not connect to the broker"},
};

static void check_connection(const struct sink_mqtt *sink)
{
	char text[MQTT_TROUBLE_TEXT_SIZE];
	enum mqtt_trouble trouble = mqtt_trouble_get(sink->mqtt, text);

	for (size_t i = 0; i < ARRAY_LEN(troubles); i++) {
		if (troubles[i].trouble == trouble)
			tell(sink, troubles[i].code, "broker", "%s: %s.", troubles[i].text, text);
		else
			solved(sink, troubles[i].code, "broker");
	}
}

static void check_commands(const struct sink_mqtt *sink)
{
	char words[MQTT_REASON_TEXT_SIZE];
	int64_t reason;

	if (mqtt_subscription_works(sink->mqtt, &reason))
		solved(sink, HEALTH_BROKER_NO_COMMANDS, "broker");
	else if (reason)
		tell(sink, HEALTH_BROKER_NO_COMMANDS, "broker",
			"The broker refused the subscription to command/#, so no commands arrive: "
			"%s. Allow it in the broker's access list.",
			mqtt_reason_print(reason, NULL, words, sizeof(words)));
	else
		tell(sink, HEALTH_BROKER_NO_COMMANDS, "broker",
			"The broker does not answer the subscription to command/#, so no commands "
			"arrive. See the broker's log.");
}

void sink_health_check(struct sink_mqtt *sink)
{
	struct count count = {0};
	struct mqtt_counters mqtt;

	sink->health.is_due = false;
	if (!sink->ops.health)
		return;
	mqtt_get_counters(sink->mqtt, &mqtt);
	outbox_each(sink->outbox, count_entry, &count);
	check_refused(sink, &count);
	check_lost(sink, &mqtt);
	check_disk(sink);
	check_connection(sink);
	check_offer(sink);
	check_commands(sink);
}

void sink_health_changed(struct sink_mqtt *sink)
{
	if (sink->health.is_due)
		return;
	sink->health.is_due = true;
	sd_event_source_set_time_relative(sink->health_timer, CHECK_US);
	sd_event_source_set_enabled(sink->health_timer, SD_EVENT_ONESHOT);
}
