// SPDX-License-Identifier: MIT
/* Whole sessions of the virtual gym through the gateway: what is published and what is written to
 * the wearables, after which event, and how soon.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/gateway.h"
#include "coxad/store/source-replay.h"
#include "tests/flow/gym-capture.h"
#include "gym/door-capture.h"

#define OUTPUTS_MAX 4096
/* The first and the last of the kit, pelvis and low back, can buzz. */
#define HAPTICS 2
#define PELVIS  "C0:A5:00:00:03:01"

static const char people[] =
	"name session\n"
	"athlete ana\n"
	"kit 3\n\texercise supine-straight\n\tathlete ana\n"
	"wearable 3-pelvis\n\taddress " PELVIS "\n\tkit 3\n\tplacement pelvis\n"
	"\tstreams motion pop symptom haptic\n"
	"wearable 3-thigh-left\n\taddress C0:A5:00:00:03:02\n\tkit 3\n"
	"\tplacement thigh-left\n"
	"wearable 3-thigh-right\n\taddress C0:A5:00:00:03:03\n\tkit 3\n"
	"\tplacement thigh-right\n"
	"wearable 3-low-back\n\taddress C0:A5:00:00:03:04\n\tkit 3\n"
	"\tplacement low-back\n\tstreams motion pop haptic\n"
	"timeline ana\n\tlie 4\n";

/* A message, or a write where topic is NULL. */
struct output {
	int64_t t_us;       /* of the event after which it came */
	char *topic, *text; /* payload */
	unsigned wearable;
	uint8_t bytes[4];
	size_t size;
	/* That event. */
	enum capture_kind kind;
	struct uuid characteristic;
};

struct session {
	struct conf *conf;
	struct gateway *gateway;
	struct capture_event event; /* the last one, its pointers gone */
	unsigned n;
	struct output output[OUTPUTS_MAX];
	/* When the flat back is lost in each repetition, by the gym's truth. */
	unsigned n_losses;
	int64_t loss_us[16];
	/* Arrivals of motion from the pelvis. */
	unsigned n_arrivals;
	int64_t arrival_us[OUTPUTS_MAX];
	char *memory; /* of the athlete, as last remembered */
};

static struct output *next(struct session *s)
{
	struct output *one = &s->output[s->n++];

	assert_true(s->n <= OUTPUTS_MAX);
	one->kind = s->event.kind;
	one->characteristic = s->event.characteristic;
	return one;
}

static void on_message(void *user, const struct message *message)
{
	struct session *s = user;
	struct output *one;

	if (strstr(message->topic, "/posture") || strstr(message->topic, "/stats"))
		return;
	one = next(s);
	one->t_us = message->t_us;
	one->topic = alloc_text(message->topic);
	one->text = alloc_printf("%.*s", (int)message->size, message->payload);
}

static int on_write(void *user, unsigned wearable, const struct driver_step *step)
{
	struct session *s = user;
	struct output *one = next(s);

	one->t_us = s->event.t_us;
	one->wearable = wearable;
	one->size = step->size;
	memcpy(one->bytes, step->bytes, step->size < 4 ? step->size : 4);
	return 0;
}

static void on_remember(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct session *s = user;

	if (kind != HISTORY_KIND_ATHLETE || strcmp(name, "ana") != 0)
		return;
	free(s->memory);
	s->memory = alloc_printf("%.*s", (int)size, text);
}

static const struct gateway_ops ops = {
	.message = on_message, .write = on_write, .remember = on_remember};

static void take(struct session *s, const struct capture_event *event)
{
	static const char motion[] = "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c";
	struct uuid uuid;

	uuid_from_string(motion, &uuid);
	s->event = *event;
	if (event->kind == CAPTURE_NOTIFY && strcmp(event->address, PELVIS) == 0 &&
		uuid_is_equal(&event->characteristic, &uuid)) {
		assert_true(s->n_arrivals < OUTPUTS_MAX);
		s->arrival_us[s->n_arrivals++] = event->t_us;
	}
	gateway_event(s->gateway, event, NULL);
}

/* S is 8.7 in the gym: 0.45 of it is the limit. */
static void find_losses(struct session *s, const struct gym *gym)
{
	const struct body *body = gym->timeline->body[0];

	for (size_t i = 0; i < gym->timeline->n_reps; i++) {
		const struct timeline_rep *rep = &gym->timeline->rep[i];
		double t_s = rep->lower_s;

		while (t_s < rep->end_s && body_angle(body, BODY_TILT, t_s) <= 0.45 * 8.7)
			t_s += 0.001;
		if (t_s < rep->end_s)
			s->loss_us[s->n_losses++] =
				door_capture_base_us(gym) + (int64_t)(t_s * US_PER_S);
	}
}

/* Plays what ana does; each line of it begins with a tab. */
static void play(struct session *s, const char *does)
{
	_auto_free_ char *script = alloc_printf("%s%s", people, does);
	_auto_free_ char *path = NULL;
	struct gateway_settings settings = {.run = "run", .first_seq = 1};
	struct source_replay *source = NULL;
	struct capture_event event;
	char error[256] = "";
	struct gym *gym = gym_from_text("session", script, 1, error, sizeof(error));

	if (!gym)
		fail_msg("%s", error);
	path = gym_capture_make(gym, &s->conf);
	find_losses(s, gym);
	gym_free(gym);
	settings.conf = s->conf;
	s->gateway = gateway_new(&settings, &ops, s);
	assert_int_equal(source_replay_new(path, &source), 0);
	while (source_replay_next(source, &event) > 0)
		take(s, &event);
	source_replay_free(source);
	unlink(path);
}

static int open_session(void **state)
{
	*state = new0(struct session);
	return 0;
}

static int close_session(void **state)
{
	struct session *s = *state;

	for (unsigned i = 0; i < s->n; i++) {
		free(s->output[i].topic);
		free(s->output[i].text);
	}
	gateway_free(s->gateway);
	conf_free(s->conf);
	free(s->memory);
	free(s);
	return 0;
}

static bool is_of(const struct output *one, const char *topic, const char *what)
{
	const char *end = one->topic ? strrchr(one->topic, '/') : NULL;

	return end && strcmp(end + 1, topic) == 0 && (!what || strstr(one->text, what));
}

/* A cue without a pop. */
static bool is_live_cue(const struct output *one)
{
	return is_of(one, "cue", "\"pop\":null") && !strstr(one->text, "STOP");
}

static int64_t number(const struct output *one, const char *key)
{
	_auto_free_ char *quoted = alloc_printf("\"%s\":", key);
	const char *at = strstr(one->text, quoted);

	assert_non_null(at);
	return strtoll(at + strlen(quoted), NULL, 10);
}

static unsigned count(const struct session *s, const char *topic, const char *what)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += is_of(&s->output[i], topic, what);
	return n;
}

/* Haptic to each wearable of the kit in the order of the configuration, then the message. */
static void assert_buzzed_before(const struct session *s, unsigned at, unsigned pattern)
{
	unsigned n = HAPTICS;

	assert_true(at >= n);
	for (unsigned i = 0; i < n; i++) {
		const struct output *one = &s->output[at - n + i];

		assert_null(one->topic);
		assert_int_equal(one->wearable, i ? s->conf->n_wearables - 1 : 0);
		assert_int_equal(one->size, 2);
		assert_int_equal(one->bytes[0], 8);
		assert_int_equal(one->bytes[1], pattern);
		assert_int_equal(one->t_us, s->output[at].t_us);
	}
}

static unsigned count_writes(const struct session *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += !s->output[i].topic;
	return n;
}

/* The back arches from 3 to 12 degrees while the legs sink from 30 to 8: the flat back is lost at
 * about 27. */
static const char arching[] = "\tcalibrate all\n"
			      "\tset 4 arch 12 30 8\n"
			      "\tcrack low-back at rep 2 lower 12\n";

/* When the first packet arrived that may show it. */
static int64_t shown_us(const struct session *s, int64_t loss_us)
{
	unsigned i = 0;

	while (i < s->n_arrivals && s->arrival_us[i] < loss_us)
		i++;
	assert_true(i < s->n_arrivals);
	return s->arrival_us[i];
}

/* Measured from the arrival of the first pelvis packet that may show it. A packet holds eight
 * samples, 77 ms, and those of the thighs may come last. */
static void the_live_cue_comes_in_time(void **state)
{
	struct session *s = *state;
	int64_t end_us = 0, worst_us = 0;
	unsigned cues = 0;

	play(s, arching);
	assert_int_equal(count(s, "rep", NULL), 4);
	for (unsigned i = 0; i < s->n; i++) {
		const struct output *one = &s->output[i];
		int64_t late_us;

		if (!is_live_cue(one))
			continue;
		assert_true(cues < s->n_losses);
		late_us = one->t_us - shown_us(s, s->loss_us[cues]);
		worst_us = late_us > worst_us ? late_us : worst_us;
		assert_true(one->kind == CAPTURE_NOTIFY);
		/* Before its repetition ends, and once in it. */
		for (unsigned k = 0; k < s->n; k++)
			if (is_of(&s->output[k], "rep", NULL) &&
				number(&s->output[k], "t_start_us") < one->t_us &&
				number(&s->output[k], "t_end_us") > one->t_us) {
				assert_true(number(&s->output[k], "t_end_us") > end_us);
				end_us = number(&s->output[k], "t_end_us");
				cues++;
			}
		assert_buzzed_before(s, i, cues <= 2 ? 1 : 2);
		assert_non_null(strstr(one->text, cues <= 2 ? "POSTERIOR_TILT" : "REVERSE"));
	}
	assert_int_equal(cues, 4);
	assert_int_equal(count_writes(s), 4 * HAPTICS);
	print_message("cue at most %.0f ms after the packet that shows it\n",
		(double)worst_us / US_PER_MS);
	assert_true(worst_us <= 100 * US_PER_MS);
}

static void no_live_cue_without_calibration(void **state)
{
	struct session *s = *state;

	play(s, arching + strlen("\tcalibrate all\n"));
	assert_int_equal(count(s, "cue", "POSTERIOR_TILT"), 0);
	assert_int_equal(count(s, "cue", "REVERSE"), 0);
	assert_int_equal(count_writes(s), 0);
	assert_true(count(s, "pop", "\"class\":\"review\"") >= 1);
}

/* In the very instant of the press: stop, first to the body. */
static void a_symptom_is_red_at_once(void **state)
{
	struct session *s = *state;
	unsigned at;

	play(s, "\tcalibrate all\n"
		"\tset 2\n"
		"\tcrack low-back at rep 2 lower 38\n"
		"\tsymptom sharp site low_back by button at pop+3\n");
	for (at = 0; at < s->n && !is_of(&s->output[at], "pop", "\"class\":\"red_flag\""); at++)
		;
	assert_true(at < s->n);
	assert_int_equal(s->output[at].kind, CAPTURE_NOTIFY);
	assert_int_equal(s->output[at].characteristic.b[3], 7);
	assert_int_equal(count_writes(s), HAPTICS);
	for (at = 0; at < s->n && !is_of(&s->output[at], "cue", "STOP"); at++)
		;
	assert_true(at < s->n);
	assert_buzzed_before(s, at, 3);
	assert_int_equal(count(s, "cue", "STOP"), 1);
}

static void give(struct session *s, int64_t t_us, const char *topic, const char *payload)
{
	take(s, &(struct capture_event){.kind = CAPTURE_COMMAND,
			.t_us = t_us,
			.topic = topic,
			.payload = payload,
			.payload_size = strlen(payload)});
}

/* A decision is published with its author and reason, and is remembered. */
static void decisions_are_published_and_remembered(void **state)
{
	struct session *s = *state;
	_auto_free_ char *override = NULL, *acknowledge = NULL;
	char pop[64] = "", alert[64] = "";
	int64_t t_us;

	play(s, "\tcalibrate all\n"
		"\tset 2\n"
		"\tcrack low-back at rep 2 lower 38\n"
		"\tsymptom sharp site low_back by button at pop+3\n");
	for (unsigned i = 0; i < s->n; i++) {
		if (is_of(&s->output[i], "pop", "\"class\":\"red_flag\""))
			sscanf(s->output[i].text, "{\"id\":\"%60[^\"]", pop);
		if (is_of(&s->output[i], "alert", "\"state\":\"raised\""))
			sscanf(strstr(s->output[i].text, "\"alert\":"), "\"alert\":\"%60[^\"]",
				alert);
	}
	assert_true(*pop && *alert);
	t_us = s->event.t_us + US_PER_S;
	acknowledge = alloc_printf("{\"alert\":\"%s\",\"by\":\"kim\"}", alert);
	give(s, t_us, "command/acknowledge", acknowledge);
	override = alloc_printf("{\"pop\":\"%s\",\"class\":\"benign\",\"by\":\"eve\","
				"\"reason\":\"looked at it\"}",
		pop);
	give(s, t_us + 1, "command/override", override);
	give(s, t_us + 2, "command/clear-symptoms", "{\"athlete\":\"ana\",\"by\":\"tom\"}");
	assert_int_equal(count(s, "result", "\"ok\":false"), 0);
	assert_int_equal(count(s, "alert", "\"state\":\"acknowledged\""), 1);
	assert_int_equal(
		count(s, "pop", "\"override\":{\"by\":\"eve\",\"reason\":\"looked at it\"}"), 1);
	assert_int_equal(count(s, "alert", "\"state\":\"cleared\""), 1);
	assert_non_null(strstr(s->memory, "\"act\":\"acknowledge\",\"by\":\"kim\""));
	assert_non_null(strstr(s->memory, "\"act\":\"override\",\"by\":\"eve\","
					  "\"reason\":\"looked at it\""));
	assert_non_null(strstr(s->memory, "\"act\":\"clear-symptoms\",\"by\":\"tom\""));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_session, close_session)
	const struct CMUnitTest tests[] = {
		TEST(the_live_cue_comes_in_time),
		TEST(no_live_cue_without_calibration),
		TEST(a_symptom_is_red_at_once),
		TEST(decisions_are_published_and_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
