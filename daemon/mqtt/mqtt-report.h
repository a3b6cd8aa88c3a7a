// SPDX-License-Identifier: MIT
#pragma once
/* What happens to the connection, as lines of the journal: the reason in words, what the broker says
 * itself, and what to do.
 */
#include "coxad/loop/journal.h"
#include "daemon/mqtt/mqtt-trouble.h"
#include "daemon/mqtt/paho.h"

/* One for each kind of line, of one connection. */
struct mqtt_report {
	const char *incoming; /* what arrives: "commands" */
	enum mqtt_trouble trouble;
	char trouble_text[MQTT_TROUBLE_TEXT_SIZE];
	struct journal_limit refused, lost, tls, dropped, subscription;
	uint64_t flooded; /* dropped, as told last */
	int64_t flood_told_us;
};

/* text: of a failure without a reason code, or the broker's own words. */
void mqtt_report_refused(
	struct mqtt_report *report, const char *broker, int64_t reason, const char *text);
/* A file or credential of the configuration. */
void mqtt_report_files(struct mqtt_report *report, const char *broker, const char *error);
void mqtt_report_lost(struct mqtt_report *report, int64_t reason, const char *said);
/* The name of the broker. error: EAI_..., 0: the name server does not answer. */
void mqtt_report_unresolved(struct mqtt_report *report, const char *host, int error);
/* Somebody connects with our client id. reason 0: it is only a guess. */
void mqtt_report_other_client(int64_t reason, const char *client_id);
/* There is a connection, and what does not work with this broker. */
void mqtt_report_offer(struct mqtt_report *report, const struct paho_offer *offer);
/* Not granted. reason 0: no answer. */
void mqtt_report_subscription(
	struct mqtt_report *report, const char *filter, int64_t reason, const char *said);
/* Granted after all. */
void mqtt_report_subscribed(const struct mqtt_report *report, const char *filter);
void mqtt_report_silence(struct mqtt_report *report, double seconds);
void mqtt_report_tls(struct mqtt_report *report, const char *line);
void mqtt_report_dropped(struct mqtt_report *report);
/* How many messages there was no room for since the start; told once a minute while they grow. */
void mqtt_report_flood(struct mqtt_report *report, uint64_t dropped);
