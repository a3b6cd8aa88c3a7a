// SPDX-License-Identifier: MIT
/* The connection to the broker, with a fake Paho: the test decides what reaches the mailbox and when.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"
#include "daemon/mqtt/mqtt-send.h"
#include "daemon/mqtt/mqtt-subscription.h"
#include "daemon/mqtt/mqtt.h"
#include "daemon/mqtt/resolver.h"

/* Of the journal, about commands in a flood. */
static unsigned lines_of_flood;

void journal_write(int level, const char *blame, const char *format, ...)
{
	lines_of_flood += strstr(format, "come faster than coxad takes them") != NULL;
}

void journal_write_limited(
	struct journal_limit *limit, int level, const char *blame, const char *format, ...)
{
}

struct paho {
	struct mailbox *mailbox;
};

static struct paho *current; /* the connection that mqtt.c holds */

int paho_new(const struct paho_connect *connect, struct mailbox *mailbox, struct paho **ret)
{
	assert_string_equal(connect->broker, "mqtt://broker");
	current = new0(struct paho);
	current->mailbox = mailbox;
	*ret = current;
	return 0;
}

struct paho *paho_free(struct paho *paho)
{
	if (paho && paho == current)
		current = NULL;
	free(paho);
	return NULL;
}

int resolver_new(const char *host, struct mailbox *mailbox, struct resolver **ret)
{
	struct resolver_result *result = new0(struct resolver_result);
	struct sockaddr_in *address = (struct sockaddr_in *)&result->found[0].address;
	struct mail mail = {.kind = PAHO_MAIL_RESOLVED, .data = result};

	assert_string_equal(host, "broker");
	address->sin_family = AF_INET;
	result->found[0].size = sizeof(*address);
	result->n = 1;
	mailbox_post(mailbox, &mail, false);
	*ret = NULL;
	return 0;
}

struct resolver *resolver_free(struct resolver *resolver)
{
	return NULL;
}

void *paho_anchor_new(void)
{
	return NULL;
}

void *paho_anchor_free(void *anchor)
{
	return anchor;
}

static unsigned asked[2]; /* how often for each filter */

int paho_subscribe(struct paho *paho, const char *filter)
{
	bool is_other = strcmp(filter, "test/other/#") == 0;

	if (!is_other)
		assert_string_equal(filter, "test/command/#");
	asked[is_other]++;
	return 1 + is_other;
}

static char published[1024]; /* payloads of samples, a comma after each */

int paho_publish(struct paho *paho, const struct paho_publish *publish)
{
	size_t n = strlen(published);

	if (publish->qos)
		return 1;
	snprintf(published + n, sizeof(published) - n, "%.*s,", (int)publish->size,
		(const char *)publish->payload);
	return 0;
}

int paho_disconnect(struct paho *paho, bool with_will)
{
	return 0;
}

#define FLOOD 5000

struct fixture {
	sd_event *loop;
	struct mqtt *mqtt;
	unsigned commands;
	bool is_up;
};

static void on_up(void *user, unsigned window)
{
	((struct fixture *)user)->is_up = true;
}

static void on_down(void *user, bool is_stopped, int64_t reason)
{
	((struct fixture *)user)->is_up = false;
}

static void on_command(void *user, const struct paho_arrival *arrival)
{
	((struct fixture *)user)->commands++;
}

static void turn(struct fixture *f)
{
	while (sd_event_run(f->loop, 1000) > 0)
		;
}

static void post(enum paho_mail kind)
{
	struct mail mail = {.kind = kind};

	if (kind == PAHO_MAIL_ARRIVED)
		mail.data = new0(struct paho_arrival);
	mail.size = sizeof(struct paho_arrival);
	if (kind == PAHO_MAIL_CONNECTED)
		mail.data = new0(struct paho_offer);
	mailbox_post(current->mailbox, &mail, kind == PAHO_MAIL_ARRIVED);
}

static const char *const filters[] = {"command/#", "other/#"};
static const struct message no_will;
static const struct mqtt_use use = {.incoming = "commands",
	.filters = filters,
	.n_filters = ARRAY_LEN(filters),
	.arrival_max = 4096,
	.waiting_max = 256 * 1024,
	.will = &no_will,
	.timing = &mqtt_settings_timing};

static int set_up(void **state)
{
	static const struct mqtt_ops ops = {.up = on_up, .down = on_down, .arrived = on_command};
	struct conf conf = {.mqtt = {.broker = (char *)"mqtt://broker",
				    .base = (char *)"test",
				    .version = 5,
				    .client_id = (char *)"coxad-pi"}};
	struct mqtt_settings settings;
	struct fixture *f = new0(struct fixture);

	mqtt_settings_init(&settings, &conf, &use);
	assert_true(sd_event_new(&f->loop) >= 0);
	assert_true(mqtt_new(f->loop, &settings, &ops, f, &f->mqtt) >= 0);
	turn(f);
	post(PAHO_MAIL_CONNECTED);
	turn(f);
	assert_true(f->is_up);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	mqtt_free(f->mqtt);
	sd_event_unref(f->loop);
	free(f);
	return 0;
}

static uint64_t dropped(const struct fixture *f)
{
	struct mqtt_counters counters;

	mqtt_get_counters(f->mqtt, &counters);
	return counters.arrivals_dropped;
}

/* Paho acknowledged them: the broker does not send them again. */
static void commands_lost_with_the_connection_are_counted(void **state)
{
	struct fixture *f = *state;

	post(PAHO_MAIL_ARRIVED);
	post(PAHO_MAIL_LOST);
	post(PAHO_MAIL_ARRIVED);
	post(PAHO_MAIL_ARRIVED);
	turn(f);
	assert_false(f->is_up);
	assert_int_equal(f->commands, 1);
	assert_int_equal(dropped(f), 2);
}

static void commands_that_come_during_the_disconnect_are_counted(void **state)
{
	struct fixture *f = *state;

	mqtt_stop(f->mqtt, false);
	post(PAHO_MAIL_ARRIVED);
	turn(f);
	assert_int_equal(f->commands, 0);
	assert_int_equal(dropped(f), 1);
}

/* More than the mailbox takes: all others are carried out, and one line says what became of these. */
static void a_flood_is_told(void **state)
{
	struct fixture *f = *state;

	lines_of_flood = 0;
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned k = 0; k < FLOOD; k++)
			post(PAHO_MAIL_ARRIVED);
		turn(f);
	}
	assert_true(f->is_up);
	assert_true(dropped(f) > 0);
	assert_int_equal(f->commands + dropped(f), 3 * FLOOD);
	assert_int_equal(lines_of_flood, 1);
}

static void changed_settings_need_a_new_connection(void **state)
{
	struct fixture *f = *state;
	struct conf conf = {.mqtt = {.broker = (char *)"mqtt://broker",
				    .base = (char *)"test",
				    .version = 5,
				    .client_id = (char *)"coxad-pi"}};
	struct mqtt_settings settings;

	mqtt_settings_init(&settings, &conf, &use);
	assert_true(mqtt_has_settings(f->mqtt, &settings));
	mqtt_settings_done(&settings);
	conf.mqtt.username = (char *)"ana";
	mqtt_settings_init(&settings, &conf, &use);
	assert_false(mqtt_has_settings(f->mqtt, &settings));
	mqtt_settings_done(&settings);
}

static void answer_subscription(int token, int64_t reason)
{
	struct mail mail = {.kind = PAHO_MAIL_SUBSCRIBED, .number = reason, .detail = token};

	mailbox_post(current->mailbox, &mail, false);
}

static void a_refused_filter_alone_is_asked_for_again(void **state)
{
	struct fixture *f = *state;
	int64_t reason;

	asked[0] = asked[1] = 0;
	answer_subscription(1, 1);
	answer_subscription(2, 0x87);
	turn(f);
	assert_false(mqtt_subscription_works(f->mqtt, &reason));
	assert_int_equal(reason, 0x87);
	mqtt_subscription_hurry(f->mqtt);
	assert_int_equal(asked[0], 0);
	assert_int_equal(asked[1], 1);
	answer_subscription(2, 0);
	turn(f);
	assert_true(mqtt_subscription_works(f->mqtt, &reason));
	assert_true(f->is_up);
}

static int send_numbered(struct fixture *f, int i)
{
	char text[8];
	struct paho_publish sample = {.topic = "test/athlete/ana/posture", .payload = text};

	sample.size = (size_t)snprintf(text, sizeof(text), "%d", i);
	return mqtt_send_sample(f->mqtt, &sample);
}

static void the_oldest_samples_are_dropped(void **state)
{
	struct fixture *f = *state;
	struct mqtt_counters counters;

	published[0] = '\0';
	/* 16 to Paho, 64 wait, two too many. */
	for (int i = 1; i <= 16 + 64; i++)
		assert_int_equal(send_numbered(f, i), 0);
	assert_int_equal(send_numbered(f, 81), -ENOBUFS);
	assert_int_equal(send_numbered(f, 82), -ENOBUFS);
	assert_string_equal(published, "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,");
	published[0] = '\0';
	/* Two were written: the next two that are left, without 17 and 18. */
	post(PAHO_MAIL_SENT);
	post(PAHO_MAIL_SENT);
	turn(f);
	assert_string_equal(published, "19,20,");
	post(PAHO_MAIL_LOST);
	turn(f);
	mqtt_get_counters(f->mqtt, &counters);
	assert_int_equal(counters.samples_dropped, 62);
	assert_int_equal(send_numbered(f, 83), -ENOTCONN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(commands_lost_with_the_connection_are_counted),
		TEST(commands_that_come_during_the_disconnect_are_counted),
		TEST(a_flood_is_told),
		TEST(changed_settings_need_a_new_connection),
		TEST(a_refused_filter_alone_is_asked_for_again),
		TEST(the_oldest_samples_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
