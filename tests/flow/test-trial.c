// SPDX-License-Identifier: MIT
/* Wearables on trial: the one that is shaken stands out among those that rest, whatever it measures with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/flow/trial.h"
#include "coxad/store/source-replay.h"
#include "tests/flow/gym-capture.h"

#define KINDS     4
#define RESTS_DEG 5 /* by the noise of its gyroscope */
#define SHAKE_DEG 240

static const char box[] = "name box\n"
			  "tail 12\n"
			  "athlete ana\n"
			  "kit 3\n\texercise supine-straight\n\tathlete ana\n"
			  "wearable a\n\taddress C0:A5:00:00:03:00\n\tkit 3\n\tplacement pelvis\n"
			  "wearable b\n\taddress C0:A5:00:00:03:01\n\tkit 3\n"
			  "\tplacement thigh-left\n\tkind thingy52\n"
			  "wearable c\n\taddress C0:A5:00:00:03:02\n\tkit 3\n"
			  "\tplacement thigh-right\n\tkind movella-dot\n"
			  "wearable d\n\taddress C0:A5:00:00:03:03\n\tkit 3\n"
			  "\tplacement hip-right\n\tkind witmotion\n"
			  "timeline ana\n\tlie 6\n\tfault %c shaken for 3\n\tlie 6\n";

struct box {
	struct analysis_conf analysis;
	struct trial *trial[KINDS];
	double most_deg[KINDS];
	int64_t now_us;
	enum wearable_state last[KINDS];
};

static void look(struct box *b, int64_t now_us)
{
	for (unsigned i = 0; i < KINDS; i++) {
		struct trial_figures figures;

		trial_look(b->trial[i], now_us, &figures);
		b->most_deg[i] = fmax(b->most_deg[i], figures.turned_deg);
		b->last[i] = figures.status.state;
	}
}

static void play(struct box *b, const char *path)
{
	struct source_replay *source;
	struct capture_event event;
	int64_t next_us = 0;

	assert_int_equal(source_replay_new(path, &source), 0);
	while (source_replay_next(source, &event) > 0) {
		unsigned i = event.address ? (unsigned)(event.address[16] - '0') : KINDS;

		for (; event.t_us >= next_us; next_us = event.t_us + US_PER_S / 2)
			look(b, event.t_us);
		if (i < KINDS && event.kind != CAPTURE_DISCONNECTED)
			trial_event(b->trial[i], &event);
		b->now_us = event.t_us;
	}
	source_replay_free(source);
}

static void make(struct box *b)
{
	static const char *const drivers[KINDS] = {
		"coxa", "nordic-thingy52", "movella-dot", "witmotion"};

	*b = (struct box){0};
	analysis_conf_default(&b->analysis);
	for (unsigned i = 0; i < KINDS; i++)
		b->trial[i] = trial_new(driver_list_find(drivers[i]), &b->analysis);
}

static void shake(unsigned shaken)
{
	_auto_free_ char *script = alloc_printf(box, 'a' + (char)shaken), *path = NULL;
	char error[200];
	struct gym *gym = gym_from_text("box", script, 1, error, sizeof(error));
	struct conf *conf;
	struct box b;

	assert_non_null(gym);
	path = gym_capture_make(gym, &conf);
	gym_free(gym);
	make(&b);
	play(&b, path);
	unlink(path);
	for (unsigned i = 0; i < KINDS; i++) {
		assert_true(
			i == shaken ? b.most_deg[i] > SHAKE_DEG : b.most_deg[i] < SHAKE_DEG / 3.0);
		assert_true(i == shaken || b.most_deg[i] >= 0);
		assert_int_equal(b.last[i], WEARABLE_STATE_STREAMING);
		trial_free(b.trial[i]);
	}
	conf_free(conf);
}

static void the_shaken_one_turns_alone(void **state)
{
	for (unsigned i = 0; i < KINDS; i++)
		shake(i);
}

/* A micro:bit has no gyroscope: milli-g on three axes. */
static void tip(struct trial *trial, int64_t t_us, double angle_rad)
{
	uint8_t value[6];
	const int16_t mg[] = {
		(int16_t)(1000 * sin(angle_rad)), 0, (int16_t)(1000 * cos(angle_rad))};
	struct capture_event event = {
		.kind = CAPTURE_NOTIFY, .t_us = t_us, .value = value, .size = sizeof(value)};

	memcpy(value, mg, sizeof(value));
	assert_int_equal(
		uuid_from_string("e95dca4b-251d-470a-a062-fa1922dfa9a8", &event.characteristic), 0);
	trial_event(trial, &event);
}

static double turned_deg(struct trial *trial, int64_t now_us)
{
	struct trial_figures figures;

	trial_look(trial, now_us, &figures);
	return figures.turned_deg;
}

static void gravity_tells_where_there_is_no_gyroscope(void **state)
{
	struct analysis_conf analysis;
	struct trial *trial;
	int64_t t_us = US_PER_S;

	analysis_conf_default(&analysis);
	trial = trial_new(driver_list_find("bbc-microbit"), &analysis);
	trial_event(
		trial, &(struct capture_event){.kind = CAPTURE_CONNECTED, .t_us = t_us, .mtu = 23});
	assert_true(turned_deg(trial, t_us) == 0);
	for (unsigned i = 0; i < 150; i++)
		tip(trial, t_us += 20000, 0.02 * (i % 2));
	assert_true(turned_deg(trial, t_us) < SHAKE_DEG / 3.0);
	for (unsigned i = 0; i < 150; i++)
		tip(trial, t_us += 20000, 0.8 * sin(2 * M_PI * 2.5 * i / 50));
	assert_true(turned_deg(trial, t_us) > SHAKE_DEG);
	/* It is put down. */
	assert_true(turned_deg(trial, t_us + 3 * (int64_t)US_PER_S) == 0);
	trial_free(trial);
}

static void a_light_is_known_by_its_driver(void **state)
{
	struct analysis_conf analysis;
	struct driver_step step;

	analysis_conf_default(&analysis);
	for (unsigned i = 0; i < 2; i++) {
		struct trial *trial =
			trial_new(driver_list_find(i ? "witmotion" : "movella-dot"), &analysis);

		assert_int_equal(trial_identify(trial, 3, 0, &step) > 0, i == 0);
		trial_free(trial);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shaken_one_turns_alone),
		cmocka_unit_test(gravity_tells_where_there_is_no_gyroscope),
		cmocka_unit_test(a_light_is_known_by_its_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
