// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/backoff.h"
#include "coxad/base/units.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/clock.h"
#include "coxad/outbox/outbox.h"
#include "daemon/mqtt/getaddrinfo.h"
#include "daemon/mqtt/mqtt-private.h"
#include "daemon/mqtt/mqtt-send.h"
#include "daemon/mqtt/mqtt-reason.h"
#include "daemon/mqtt/tcp-nodelay.h"

/* There cannot be more acknowledgements than messages in flight. */
#define MAIL_MAX 256
/* Mail handled in one turn of the loop, so that a flood does not delay the sensors. */
#define MAIL_PER_TURN 64
/* Not every broker says that another client took our id (mosquitto 2.0.11 does not), but this many
 * connections in a row that ended this soon are a sign of it. */
#define SHORT_LIFE_US     (3 * INT64_C(1000000))
#define SHORT_LIVES       5
#define TIMER_ACCURACY_US 10000 /* sd-event's default is 250 ms */
/* Longer than Paho's own timeout. */
#define CONNECT_GUARD_US (120 * INT64_C(1000000))
/* How long a broker that is left may take to confirm it. */
#define GOODBYE_US (1 * INT64_C(1000000))
/* After this long without an answer of the name server it is told, and nothing is waited for. */
#define RESOLVE_US (2 * INT64_C(1000000))

static void set_state(struct mqtt *mqtt, enum mqtt_state state)
{
	mqtt->state = state;
	mqtt->since_us = clock_now_us();
}

static void set_timer(struct mqtt *mqtt, int64_t in_us)
{
	sd_event_source_set_time_relative(mqtt->timer, in_us > 0 ? (uint64_t)in_us : 0);
	sd_event_source_set_enabled(mqtt->timer, SD_EVENT_ONESHOT);
}

/* Paho has acknowledged it already, so the broker will not send it again. */
static void drop_arrival(struct mqtt *mqtt, const struct paho_arrival *arrival)
{
	if (arrival->is_retained)
		return; /* the broker still has it */
	mqtt->counters.arrivals_dropped++;
	mqtt_report_dropped(&mqtt->report);
}

static void drain(struct mqtt *mqtt)
{
	struct mail mail;

	while (mailbox_take(mqtt->mailbox, &mail)) {
		if (mail.kind == PAHO_MAIL_ARRIVED)
			drop_arrival(mqtt, mail.data);
		free(mail.data);
	}
	mailbox_take_overflow(mqtt->mailbox);
}

static void close_connection(struct mqtt *mqtt)
{
	mqtt_subscription_end(mqtt);
	mqtt->resolver = resolver_free(mqtt->resolver);
	mqtt->paho = paho_free(mqtt->paho);
	drain(mqtt);
	mqtt_send_drop_samples(mqtt);
	mqtt->in_flight = (struct in_flight){0};
	mqtt->n_samples = 0;
}

static void wait_for_next(struct mqtt *mqtt, int64_t least_us)
{
	int64_t wait_us = backoff_next(&mqtt->backoff, mqtt->settings.timing.backoff_min_us,
		mqtt->settings.timing.backoff_max_us);

	close_connection(mqtt);
	set_state(mqtt, MQTT_STATE_WAITING);
	set_timer(mqtt, wait_us > least_us ? wait_us : least_us);
}

static void lose(struct mqtt *mqtt, int64_t reason, int64_t least_us)
{
	bool was_up = mqtt->state == MQTT_STATE_UP;

	if (was_up && clock_now_us() - mqtt->since_us >= SHORT_LIFE_US)
		backoff_reset(&mqtt->backoff);
	wait_for_next(mqtt, least_us);
	if (was_up)
		mqtt->ops.down(mqtt->user, false, reason);
}

/* Before the first of a series of attempts: the addresses of the broker. */
static void resolve_now(struct mqtt *mqtt)
{
	int r = resolver_new(mqtt->settings.host, mqtt->mailbox, &mqtt->resolver);

	mqtt->counters.attempts++;
	if (r) {
		mqtt_report_refused(&mqtt->report, mqtt->settings.connect.broker, 0, strerror(-r));
		wait_for_next(mqtt, 0);
		return;
	}
	set_state(mqtt, MQTT_STATE_RESOLVING);
	set_timer(mqtt, RESOLVE_US);
}

static void connect_now(struct mqtt *mqtt)
{
	struct paho_connect connect = mqtt->settings.connect;
	char error[FILE_TEXT_ERROR_SIZE];
	struct secret password;
	int r = mqtt_settings_open(&mqtt->settings, &password, error);

	if (r == 0) {
		connect.password = password.text;
		mqtt_offer_cut_will(&mqtt->will_offer, &connect);
		r = paho_new(&connect, mqtt->mailbox, &mqtt->paho);
		snprintf(error, sizeof(error), "%s", strerror(-r));
	}
	secret_done(&password);
	if (r) {
		mqtt_report_files(&mqtt->report, connect.broker, error);
		wait_for_next(mqtt, 0);
		return;
	}
	set_state(mqtt, MQTT_STATE_CONNECTING);
	set_timer(mqtt, CONNECT_GUARD_US);
}

/* Another address at each attempt, until one serves. */
static void on_resolved(struct mqtt *mqtt, const struct resolver_result *result)
{
	unsigned i = result->n ? mqtt->address % result->n : 0;

	mqtt->resolver = resolver_free(mqtt->resolver);
	if (result->error) {
		mqtt_report_unresolved(&mqtt->report, mqtt->settings.host, result->error);
		wait_for_next(mqtt, 0);
		return;
	}
	getaddrinfo_pin(mqtt->settings.host, (const struct sockaddr *)&result->found[i].address,
		result->found[i].size);
	connect_now(mqtt);
}

int64_t mqtt_oldest_us(const struct mqtt *mqtt)
{
	return in_flight_oldest_us(&mqtt->in_flight);
}

static void check_acknowledgements(struct mqtt *mqtt)
{
	int64_t oldest_us = mqtt_oldest_us(mqtt), now_us = clock_now_us();

	if (oldest_us == T_NEVER)
		return;
	if (now_us - oldest_us < mqtt->settings.timing.ack_us) {
		set_timer(mqtt, oldest_us + mqtt->settings.timing.ack_us - now_us);
		return;
	}
	mqtt_report_silence(&mqtt->report, (double)(now_us - oldest_us) / US_PER_S);
	lose(mqtt, 0, 0);
}

/* The connection by the old settings has ended. */
static void arrive(struct mqtt *mqtt)
{
	close_connection(mqtt);
	mqtt_settings_done(&mqtt->settings);
	mqtt->settings = mqtt->next;
	mqtt->next = (struct mqtt_settings){0};
	mqtt->will_offer = (struct mqtt_offer_will){0};
	mqtt->address = 0;
	backoff_reset(&mqtt->backoff);
	resolve_now(mqtt);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *user)
{
	struct mqtt *mqtt = user;

	switch (mqtt->state) {
	case MQTT_STATE_WAITING:
		resolve_now(mqtt);
		break;
	case MQTT_STATE_RESOLVING:
		mqtt_report_unresolved(&mqtt->report, mqtt->settings.host, 0);
		break;
	case MQTT_STATE_CONNECTING:
		wait_for_next(mqtt, 0);
		break;
	case MQTT_STATE_LEAVING:
		arrive(mqtt);
		break;
	case MQTT_STATE_UP:
		check_acknowledgements(mqtt);
		break;
	case MQTT_STATE_STOPPING:
	case MQTT_STATE_STOPPED:
		break;
	}
	return 0;
}

static void on_up(struct mqtt *mqtt, const struct paho_offer *offer)
{
	tcp_nodelay_all();
	set_state(mqtt, MQTT_STATE_UP);
	sd_event_source_set_enabled(mqtt->timer, SD_EVENT_OFF);
	mqtt->counters.connections++;
	mqtt->offer = *offer;
	journal_write(LOG_NOTICE, "broker", "connected to %s", mqtt->settings.connect.broker);
	mqtt_report_offer(&mqtt->report, offer);
	if (mqtt_subscription_begin(mqtt)) {
		lose(mqtt, 0, 0);
		return;
	}
	mqtt->ops.up(mqtt->user, mqtt_offer_window(offer));
}

static void on_lost(struct mqtt *mqtt, int64_t reason, const char *said)
{
	/* With a message under way it is rather that message. */
	bool was_short =
		clock_now_us() - mqtt->since_us < SHORT_LIFE_US && mqtt_oldest_us(mqtt) == T_NEVER;

	mqtt->short_lives =
		was_short && !mqtt_reason_is_about_message(reason) ? mqtt->short_lives + 1 : 0;
	if (reason == MQTT_REASON_TAKEN_OVER || mqtt->short_lives >= SHORT_LIVES) {
		mqtt->short_lives = 0;
		mqtt->counters.takeovers++;
		mqtt_report_other_client(reason, mqtt->settings.connect.client_id);
		lose(mqtt, reason, mqtt->settings.timing.takeover_us);
		return;
	}
	mqtt_report_lost(&mqtt->report, reason, said);
	lose(mqtt, reason, 0);
}

/* Written, or not: Paho has one less. */
static void on_sample(struct mqtt *mqtt)
{
	if (mqtt->n_samples)
		mqtt->n_samples--;
	mqtt_send_samples(mqtt);
	if (mqtt->ops.written)
		mqtt->ops.written(mqtt->user);
}

static void on_sent(struct mqtt *mqtt, const struct mail *mail)
{
	uint64_t token;

	if (!mail->number) {
		on_sample(mqtt);
		return;
	}
	if (!in_flight_take(&mqtt->in_flight, mail->number, &token))
		return;
	if (mail->kind == PAHO_MAIL_SENT)
		mqtt->ops.acked(mqtt->user, token);
	else
		mqtt->ops.refused(mqtt->user, token, (int)mail->detail);
}

static void on_stopped(struct mqtt *mqtt)
{
	close_connection(mqtt);
	set_state(mqtt, MQTT_STATE_STOPPED);
}

static void on_refused(struct mqtt *mqtt, const struct mail *mail)
{
	if (mqtt_offer_refuses_will(&mqtt->will_offer, mail->number)) {
		close_connection(mqtt);
		mqtt->counters.attempts++;
		connect_now(mqtt);
		return;
	}
	mqtt_report_refused(&mqtt->report, mqtt->settings.connect.broker, mail->number, mail->data);
	mqtt_settings_explain(&mqtt->settings);
	mqtt->address++;
	wait_for_next(mqtt, 0);
}

static void on_connection_mail(struct mqtt *mqtt, const struct mail *mail)
{
	bool is_connecting = mqtt->state == MQTT_STATE_CONNECTING;

	if (mqtt->state == MQTT_STATE_STOPPING) {
		on_stopped(mqtt);
	} else if (mqtt->state == MQTT_STATE_LEAVING) {
		arrive(mqtt);
	} else if (mail->kind == PAHO_MAIL_CONNECTED && is_connecting) {
		on_up(mqtt, mail->data);
	} else if (mail->kind == PAHO_MAIL_REFUSED && is_connecting) {
		on_refused(mqtt, mail);
	} else if (mail->kind == PAHO_MAIL_LOST) {
		on_lost(mqtt, mail->number, mail->data);
	}
}

/* Drops this connection and makes another. */
static void restart(struct mqtt *mqtt)
{
	if (mqtt->state == MQTT_STATE_UP)
		lose(mqtt, 0, 0);
}

static void on_mail(struct mqtt *mqtt, const struct mail *mail)
{
	switch ((enum paho_mail)mail->kind) {
	case PAHO_MAIL_RESOLVED:
		if (mqtt->state == MQTT_STATE_RESOLVING)
			on_resolved(mqtt, mail->data);
		break;
	case PAHO_MAIL_CONNECTED:
	case PAHO_MAIL_REFUSED:
	case PAHO_MAIL_LOST:
	case PAHO_MAIL_DISCONNECTED:
		on_connection_mail(mqtt, mail);
		break;
	case PAHO_MAIL_TLS:
		mqtt_report_tls(&mqtt->report, mail->data);
		break;
	case PAHO_MAIL_SUBSCRIBED:
		mqtt_subscription_answered(mqtt, mail);
		break;
	case PAHO_MAIL_SENT:
	case PAHO_MAIL_SEND_REFUSED:
		on_sent(mqtt, mail);
		break;
	case PAHO_MAIL_SEND_FAILED:
		/* It may have been delivered or not; a new connection sends it again. */
		if (mail->number)
			restart(mqtt);
		else
			on_sample(mqtt);
		break;
	case PAHO_MAIL_ARRIVED:
		if (mqtt->state == MQTT_STATE_UP)
			mqtt->ops.arrived(mqtt->user, mail->data);
		else
			drop_arrival(mqtt, mail->data);
		break;
	}
}

static int on_mail_ready(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct mqtt *mqtt = user;
	struct mail mail;

	for (unsigned i = 0; i < MAIL_PER_TURN && mailbox_take(mqtt->mailbox, &mail); i++) {
		on_mail(mqtt, &mail);
		free(mail.data);
	}
	mqtt_report_flood(&mqtt->report, mailbox_dropped(mqtt->mailbox));
	if (mailbox_take_overflow(mqtt->mailbox))
		restart(mqtt);
	return 0;
}

int mqtt_new(sd_event *loop, struct mqtt_settings *settings, const struct mqtt_ops *ops, void *user,
	struct mqtt **ret)
{
	struct mqtt *mqtt = alloc_zero(1, sizeof(*mqtt));
	uint64_t seed = (uint64_t)clock_now_us();
	int r;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed ^= (uint64_t)getpid() << 32;
	mqtt->loop = sd_event_ref(loop);
	mqtt->ops = *ops;
	mqtt->user = user;
	backoff_init(&mqtt->backoff, seed);
	mqtt->settings = *settings;
	mqtt->report.incoming = settings->incoming;
	set_state(mqtt, MQTT_STATE_WAITING);
	mqtt->anchor = paho_anchor_new();
	r = mailbox_new(MAIL_MAX, settings->waiting_max, &mqtt->mailbox);
	if (r >= 0)
		r = sd_event_add_io(loop, &mqtt->mail_source, mailbox_fd(mqtt->mailbox), EPOLLIN,
			on_mail_ready, mqtt);
	if (r >= 0)
		r = mqtt_subscription_init(mqtt, seed);
	if (r >= 0)
		r = sd_event_add_time_relative(
			loop, &mqtt->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY_US, on_timer, mqtt);
	if (r < 0) {
		mqtt_free(mqtt);
		return r;
	}
	*ret = mqtt;
	return 0;
}

struct mqtt *mqtt_free(struct mqtt *mqtt)
{
	if (!mqtt)
		return NULL;
	sd_event_source_disable_unref(mqtt->mail_source);
	sd_event_source_disable_unref(mqtt->timer);
	mqtt_subscription_done(mqtt);
	sd_event_unref(mqtt->loop);
	mqtt_settings_done(&mqtt->settings);
	mqtt_settings_done(&mqtt->next);
	resolver_free(mqtt->resolver);
	paho_free(mqtt->paho);
	mqtt_send_drop_samples(mqtt);
	if (mqtt->mailbox)
		drain(mqtt);
	paho_anchor_free(mqtt->anchor);
	mailbox_free(mqtt->mailbox);
	free(mqtt);
	return NULL;
}

bool mqtt_has_settings(const struct mqtt *mqtt, const struct mqtt_settings *settings)
{
	return mqtt_settings_is_same(
		mqtt->state == MQTT_STATE_LEAVING ? &mqtt->next : &mqtt->settings, settings);
}

void mqtt_change(struct mqtt *mqtt, struct mqtt_settings *settings)
{
	bool was_up = mqtt->state == MQTT_STATE_UP;

	mqtt_settings_done(&mqtt->next);
	mqtt->next = *settings;
	if (mqtt->state == MQTT_STATE_LEAVING)
		return;
	set_state(mqtt, MQTT_STATE_LEAVING);
	set_timer(mqtt, was_up && !mqtt_send_goodbye(mqtt) ? GOODBYE_US : 0);
	if (was_up)
		mqtt->ops.down(mqtt->user, true, 0);
}

void mqtt_stop(struct mqtt *mqtt, bool with_will)
{
	bool was_up = mqtt->state == MQTT_STATE_UP;

	sd_event_source_set_enabled(mqtt->timer, SD_EVENT_OFF);
	if (was_up && !paho_disconnect(mqtt->paho, with_will))
		set_state(mqtt, MQTT_STATE_STOPPING);
	else
		on_stopped(mqtt);
	if (was_up)
		mqtt->ops.down(mqtt->user, true, 0);
}

void mqtt_prove(struct mqtt *mqtt)
{
	backoff_reset(&mqtt->backoff);
}

const struct paho_offer *mqtt_get_offer(const struct mqtt *mqtt)
{
	return mqtt->state == MQTT_STATE_UP ? &mqtt->offer : NULL;
}

bool mqtt_is_up(const struct mqtt *mqtt)
{
	return mqtt->state == MQTT_STATE_UP;
}

bool mqtt_is_idle(const struct mqtt *mqtt)
{
	bool is_slow = clock_now_us() - mqtt->since_us >= RESOLVE_US;

	return mqtt->state == MQTT_STATE_STOPPED ||
	       (mqtt->state == MQTT_STATE_RESOLVING && is_slow) ||
	       (mqtt->state == MQTT_STATE_WAITING && mqtt->counters.attempts);
}

void mqtt_get_counters(const struct mqtt *mqtt, struct mqtt_counters *ret)
{
	*ret = mqtt->counters;
	ret->arrivals_dropped += mailbox_dropped(mqtt->mailbox);
}
