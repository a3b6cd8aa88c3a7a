// SPDX-License-Identifier: MIT
/* An instant that was published stays what it is, whatever becomes of the clock: set while coxad
 * runs or while it does not, over restarts, over reboots, and where the boot is not known.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-read.h"
#include "coxad/flow/gateway.h"
#include "coxad/wire/message-print.h"

#define ROWS_MAX 64
#define DAY_US   (86400 * (int64_t)US_PER_S)
#define WALL_US  (INT64_C(1795368600) * US_PER_S)

static const char conf_text[] = "[gateway]\nname = pi\nsite = gym\n"
				"[kit 3]\nexercise = supine-straight\nathlete = ana\n"
				"[wearable 3-pelvis]\naddress = C0:A5:00:00:03:01\nkit = 3\n"
				"placement = pelvis\n";

struct row {
	enum history_kind kind;
	char *name, *text;
};

/* What a dashboard shows, as told last. */
struct told {
	char session_since[32], alert_time[32], pop_time[32], pop_id[64];
	json_int_t t_pop_us;
	unsigned n_pops, n_final;
};

struct world {
	struct conf *conf;
	struct gateway *gateway;
	int64_t boot;    /* 0: not known */
	int64_t now_us;  /* since the start of the boot */
	int64_t wall_us; /* minus now_us */
	unsigned n_rows, n_runs;
	struct row row[ROWS_MAX];
	struct told told;
};

static void take_text(char ret[static 32], const json_t *value)
{
	snprintf(ret, 32, "%s", json_string_value(value) ? json_string_value(value) : "-");
}

static void on_message(void *user, const struct message *message)
{
	struct told *told = &((struct world *)user)->told;
	json_t *json = json_loadb(message->payload, message->size, 0, NULL);

	if (strstr(message->topic, "/session"))
		take_text(told->session_since, json_object_get(json, "since"));
	if (strstr(message->topic, "/alerts"))
		take_text(told->alert_time,
			json_object_get(
				json_array_get(json_object_get(json, "alerts"), 0), "time"));
	if (strstr(message->topic, "/pop")) {
		take_text(told->pop_time, json_object_get(json, "time"));
		snprintf(told->pop_id, sizeof(told->pop_id), "%s",
			json_string_value(json_object_get(json, "id")));
		told->t_pop_us = json_integer_value(json_object_get(json, "t_pop_us"));
		told->n_pops++;
		told->n_final +=
			!strcmp(json_string_value(json_object_get(json, "state")), "final");
	}
	json_decref(json);
}

static void drop(struct row *row)
{
	free(row->name);
	free(row->text);
	*row = (struct row){0};
}

static void on_remember(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct world *w = user;
	unsigned i = 0;

	while (i < w->n_rows && (w->row[i].kind != kind || strcmp(w->row[i].name, name)))
		i++;
	assert_true(i < ROWS_MAX);
	if (i == w->n_rows)
		w->n_rows++;
	else
		drop(&w->row[i]);
	w->row[i] = (struct row){kind, alloc_text(name), alloc_text(size ? text : "")};
}

static const struct gateway_ops ops = {.message = on_message, .remember = on_remember};

static void start(struct world *w)
{
	_auto_free_ char *run = alloc_printf("run%u", w->n_runs++);
	struct gateway_settings settings = {
		.conf = w->conf, .run = run, .first_seq = 1, .boot = w->boot};

	w->gateway = gateway_new(&settings, &ops, w);
	for (unsigned i = 0; i < w->n_rows; i++)
		if (w->row[i].text[0])
			gateway_restore(w->gateway, w->row[i].kind, w->row[i].name, w->row[i].text,
				strlen(w->row[i].text));
	gateway_event(w->gateway,
		&(struct capture_event){.kind = CAPTURE_HEADER,
			.t_us = w->now_us,
			.wall_us = w->now_us + w->wall_us,
			.gateway = "pi"},
		NULL);
}

static void run(struct world *w, int64_t seconds)
{
	w->now_us += seconds * US_PER_S;
	gateway_advance(w->gateway, w->now_us);
}

static void kill_and_start(struct world *w)
{
	gateway_free(w->gateway);
	w->now_us += 2 * US_PER_S;
	start(w);
}

static void reboot(struct world *w)
{
	gateway_free(w->gateway);
	w->wall_us += w->now_us;
	w->now_us = 20 * (int64_t)US_PER_S;
	if (w->boot)
		w->boot++;
	start(w);
}

static void set_clock(struct world *w, int64_t by_us)
{
	w->wall_us += by_us;
	gateway_event(w->gateway,
		&(struct capture_event){
			.kind = CAPTURE_WALL, .t_us = w->now_us, .wall_us = w->now_us + w->wall_us},
		NULL);
}

static void complain(struct world *w)
{
	static const char payload[] = "{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\","
				      "\"side\":\"right\",\"intensity\":8,\"source\":\"trainer\"}";

	gateway_event(w->gateway,
		&(struct capture_event){.kind = CAPTURE_COMMAND,
			.t_us = w->now_us,
			.topic = "command/symptom",
			.payload = payload,
			.payload_size = sizeof(payload) - 1},
		NULL);
}

static void begin(struct world *w, int64_t boot)
{
	struct conf_source source = {"test.conf", conf_text, sizeof(conf_text) - 1};
	struct conf_errors errors = {0};

	*w = (struct world){.boot = boot, .now_us = 5000 * (int64_t)US_PER_S, .wall_us = WALL_US};
	assert_int_equal(conf_read(&source, 1, &w->conf, &errors), 0);
	conf_errors_done(&errors);
	start(w);
	run(w, 10);
	complain(w);
	run(w, 2);
	assert_int_equal(w->told.n_pops, 1);
	assert_string_equal(w->told.session_since, "2026-11-22T18:53:20.000Z");
	assert_string_equal(w->told.alert_time, "2026-11-22T18:53:30.000Z");
}

static void end(struct world *w)
{
	gateway_free(w->gateway);
	for (unsigned i = 0; i < w->n_rows; i++)
		drop(&w->row[i]);
	conf_free(w->conf);
}

/* Nothing has moved, and the pop was told once more, as final. */
static void expect_same(struct world *w, const struct told *was)
{
	run(w, 400);
	assert_string_equal(w->told.session_since, was->session_since);
	assert_string_equal(w->told.alert_time, was->alert_time);
	assert_string_equal(w->told.pop_time, was->pop_time);
	assert_string_equal(w->told.pop_id, was->pop_id);
	assert_int_equal(w->told.t_pop_us, was->t_pop_us);
	assert_int_equal(w->told.n_final, 1);
}

typedef void (*act_fn)(struct world *w);

static void forward(struct world *w)
{
	set_clock(w, 10 * DAY_US);
}

static void back(struct world *w)
{
	set_clock(w, -10 * DAY_US);
}

/* While coxad is not running. */
static void forward_unseen(struct world *w)
{
	w->wall_us += 10 * DAY_US;
	kill_and_start(w);
}

static void back_unseen(struct world *w)
{
	w->wall_us -= 10 * DAY_US;
	kill_and_start(w);
}

/* A board without a clock. */
static void reboot_in_1970(struct world *w)
{
	w->wall_us = -w->now_us;
	reboot(w);
}

/* Every sequence of three of these. */
static const act_fn acts[] = {
	kill_and_start, forward, back, forward_unseen, back_unseen, reboot, reboot_in_1970};

static void play_all(int64_t boot)
{
	const unsigned n = ARRAY_LEN(acts);

	for (unsigned i = 0; i < n * n * n; i++) {
		struct told was;
		struct world w;

		begin(&w, boot);
		was = w.told;
		acts[i % n](&w);
		acts[i / n % n](&w);
		acts[i / n / n % n](&w);
		expect_same(&w, &was);
		end(&w);
	}
}

static void what_was_told_stays(void **state)
{
	play_all(1);
}

static void what_was_told_stays_where_the_boot_is_unknown(void **state)
{
	play_all(0);
}

/* Within a boot a restart knows how long ago things were, however the clock was set meanwhile: a pop
 * of five seconds ago is still open for a symptom. */
static void ages_are_those_of_the_boot(void **state)
{
	struct world w;

	begin(&w, 1);
	forward(&w);
	kill_and_start(&w);
	run(&w, 1);
	assert_int_equal(w.told.n_final, 0);
	back_unseen(&w);
	run(&w, 1);
	assert_int_equal(w.told.n_final, 0);
	run(&w, 400);
	assert_int_equal(w.told.n_final, 1);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_told_stays),
		cmocka_unit_test(what_was_told_stays_where_the_boot_is_unknown),
		cmocka_unit_test(ages_are_those_of_the_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
