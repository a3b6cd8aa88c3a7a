// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-report.h"

#include <inttypes.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>

#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/mqtt/mqtt-reason.h"

/* Between two lines about a flood of commands. */
#define FLOOD_US (60 * (int64_t)US_PER_S)

/* What to do, after the reason. */
static const char *advice_of(int64_t reason, const char **ret_between)
{
	const char *advice = mqtt_reason_advice(reason);

	*ret_between = *advice ? "; " : "";
	return advice;
}

static __attribute__((format(printf, 3, 4))) void note(
	struct mqtt_report *report, enum mqtt_trouble trouble, const char *format, ...)
{
	va_list args;

	report->trouble = trouble;
	va_start(args, format);
	vsnprintf(report->trouble_text, sizeof(report->trouble_text), format, args);
	va_end(args);
}

void mqtt_report_refused(
	struct mqtt_report *report, const char *broker, int64_t reason, const char *text)
{
	char words[MQTT_REASON_TEXT_SIZE];
	const char *between, *advice = advice_of(reason, &between);

	if (reason)
		text = mqtt_reason_print(reason, text, words, sizeof(words));
	text = text ? text : "no reason given";
	journal_write_limited(&report->refused, LOG_WARNING, "broker",
		"cannot connect to %s: %s%s%s", broker, text, between, advice);
	note(report,
		!reason                              ? MQTT_TROUBLE_UNREACHABLE
		: mqtt_reason_is_about_login(reason) ? MQTT_TROUBLE_LOGIN
						     : MQTT_TROUBLE_REFUSED,
		"%s%s%s", text, between, advice);
}

void mqtt_report_files(struct mqtt_report *report, const char *broker, const char *error)
{
	journal_write_limited(
		&report->refused, LOG_ERR, "config", "cannot connect to %s: %s", broker, error);
	note(report, MQTT_TROUBLE_FILES, "%s", error);
}

void mqtt_report_lost(struct mqtt_report *report, int64_t reason, const char *said)
{
	char words[MQTT_REASON_TEXT_SIZE];
	const char *between, *advice = advice_of(reason, &between);

	if (reason)
		journal_write_limited(&report->lost, LOG_WARNING, "broker",
			"the broker ended the connection: %s%s%s",
			mqtt_reason_print(reason, said, words, sizeof(words)), between, advice);
	else
		journal_write_limited(&report->lost, LOG_WARNING, "broker", "connection lost");
}

void mqtt_report_unresolved(struct mqtt_report *report, const char *host, int error)
{
	if (error)
		journal_write_limited(&report->refused, LOG_WARNING, "broker",
			"cannot find the address of %s: %s; check broker in [mqtt] and the network's name server, or set an address",
			host, gai_strerror(error));
	else
		journal_write_limited(&report->refused, LOG_WARNING, "broker",
			"the name server does not answer the question for %s: still waiting; an address in broker needs none",
			host);
	note(report, MQTT_TROUBLE_HOST, "%s",
		error ? gai_strerror(error) : "the name server does not answer");
}

void mqtt_report_other_client(int64_t reason, const char *client_id)
{
	journal_write(LOG_ERR, "config",
		reason ? "another client took over the client-id \"%s\"; give each client its own"
		       : "disconnected repeatedly: is another client using the client-id \"%s\"? Give each its own",
		client_id);
}

void mqtt_report_offer(struct mqtt_report *report, const struct paho_offer *offer)
{
	report->trouble = MQTT_TROUBLE_NONE;
	if (!offer->has_retain)
		journal_write(LOG_WARNING, "broker",
			"this broker keeps no retained messages: a screen that is opened late sees "
			"a state only when it changes");
	if (!offer->maximum_qos)
		journal_write(LOG_WARNING, "broker",
			"this broker acknowledges nothing (maximum QoS 0): what is lost on the way "
			"is not sent again");
}

void mqtt_report_subscription(
	struct mqtt_report *report, const char *filter, int64_t reason, const char *said)
{
	char words[MQTT_REASON_TEXT_SIZE];
	const char *between, *advice = advice_of(reason, &between);

	if (reason)
		journal_write_limited(&report->subscription, LOG_ERR, "broker",
			"the broker refused the subscription to %s, so no %s will arrive: %s%s%s",
			filter, report->incoming,
			mqtt_reason_print(reason, said, words, sizeof(words)), between, advice);
	else
		journal_write_limited(&report->subscription, LOG_ERR, "broker",
			"the broker does not answer the subscription to %s, so no %s will arrive",
			filter, report->incoming);
}

void mqtt_report_subscribed(const struct mqtt_report *report, const char *filter)
{
	journal_write(LOG_NOTICE, "broker",
		"the broker has granted the subscription to %s: %s arrive again", filter,
		report->incoming);
}

void mqtt_report_silence(struct mqtt_report *report, double seconds)
{
	journal_write_limited(&report->lost, LOG_WARNING, "broker",
		"no acknowledgement for %.1f s: reconnecting", seconds);
}

void mqtt_report_tls(struct mqtt_report *report, const char *line)
{
	journal_write_limited(&report->tls, LOG_WARNING, "broker", "TLS: %s", line);
}

void mqtt_report_dropped(struct mqtt_report *report)
{
	journal_write_limited(&report->dropped, LOG_WARNING, "broker",
		"the connection ended before received %s were carried out: send them again",
		report->incoming);
}

void mqtt_report_flood(struct mqtt_report *report, uint64_t dropped)
{
	int64_t now_us = clock_now_us();

	if (dropped == report->flooded ||
		(report->flooded && now_us - report->flood_told_us < FLOOD_US))
		return;
	report->flooded = dropped;
	report->flood_told_us = now_us;
	journal_write(LOG_WARNING, "broker",
		"%s come faster than coxad takes them: %" PRIu64
		" were dropped since the start; find the client that sends so many",
		report->incoming, dropped);
}
