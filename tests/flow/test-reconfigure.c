// SPDX-License-Identifier: MIT
/* The configuration changes at random while data flow. Whoever the changes do not mention is judged as if
 * there had been none, and as soon; nothing of what was removed stays with the broker; a replay that reads
 * the changes as text, as a capture has them, gives the same bytes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-part.h"
#include "coxad/config/conf-print.h"
#include "coxad/config/conf-read.h"
#include "coxad/config/conf-reload.h"
#include "coxad/flow/gateway-reconfigure.h"
#include "coxad/wire/message-print.h"
#include "tests/flow/drawn-gym.h"

#define RUN   "0123456789ab"
#define STEPS 260
/* A change each so many packets; the last ones are left to end what was begun. */
#define STEP_EVERY 9
#define BEGIN_US   US_PER_S

struct lines {
	char *text;
	size_t size, capacity;
};

/* When each of the lines was told. */
struct instants {
	int64_t *at_us;
	size_t n, capacity;
};

struct topic {
	char *name;
	struct topic *next;
};

struct world {
	struct conf *conf;
	struct gateway *gateway;
	int64_t now_us;
	struct lines all, kept;
	struct instants kept_told;
	struct topic *retained;
	unsigned changes, refused;
	bool reads_text; /* as a replay does */
};

static void add_line(struct lines *lines, const char *line)
{
	size_t n = strlen(line);

	if (lines->size + n + 1 > lines->capacity) {
		lines->capacity = 2 * (lines->size + n + 1);
		lines->text = alloc_resize(lines->text, lines->capacity, 1);
	}
	memcpy(lines->text + lines->size, line, n + 1);
	lines->size += n;
}

static void add_instant(struct instants *instants, int64_t t_us)
{
	if (instants->n == instants->capacity) {
		instants->capacity = 2 * (instants->n + 1);
		instants->at_us =
			alloc_resize(instants->at_us, instants->capacity, sizeof(*instants->at_us));
	}
	instants->at_us[instants->n++] = t_us;
}

/* Numbers that count for the whole gateway, and the hash of its configuration. */
static void hide(char *line, const char *before)
{
	for (char *at = strstr(line, before); at; at = strstr(at, before)) {
		size_t n;

		at += strlen(before);
		n = strspn(at, "0123456789abcdef");
		memmove(at, at + n, strlen(at + n) + 1);
	}
}

static void note_kept(struct world *world, const char *topic, char *line)
{
	const char *name = strstr(topic, "/kept-");

	if (!name)
		return;
	hide(line, "\"seq\":");
	hide(line, "\"config_hash\":\"");
	hide(line, RUN "-");
	add_line(&world->kept, line);
	add_instant(&world->kept_told, world->now_us);
}

static void note_retained(struct world *world, const struct message *message)
{
	struct topic **at = &world->retained, *topic;

	while (*at && strcmp((*at)->name, message->topic) != 0)
		at = &(*at)->next;
	if (!message->retain)
		return;
	if (message->size && !*at) {
		topic = new0(struct topic);
		topic->name = alloc_text(message->topic);
		topic->next = world->retained;
		world->retained = topic;
	} else if (!message->size && *at) {
		topic = *at;
		*at = topic->next;
		free(topic->name);
		free(topic);
	}
}

static void on_message(void *user, const struct message *message)
{
	static char line[65536];
	struct world *world = user;

	assert_true(message_print_line(message, line, sizeof(line)) > 0);
	add_line(&world->all, line);
	note_retained(world, message);
	note_kept(world, message->topic, line);
}

static const struct gateway_ops ops = {.message = on_message};

static struct conf *read_conf(const char *text)
{
	const struct conf_source source = {"drawn", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	if (conf_read(&source, 1, &conf, &errors) < 0)
		fail_msg("%s", errors.text[0]);
	conf_errors_done(&errors);
	return conf;
}

/* The same configuration, by way of the text that a capture has. */
static struct conf *through_text(const struct world *world, struct conf *fresh)
{
	_auto_free_ char *text = conf_print_part(fresh);
	const struct conf_part part = {text, strlen(text), NULL};
	struct conf_errors errors = {0};
	struct conf *again = NULL;

	if (conf_part_read(world->conf, &part, &again, &errors) < 0)
		fail_msg("%s", errors.text[0]);
	assert_string_equal(again->hash, fresh->hash);
	conf_free(fresh);
	return again;
}

static void on_refused(void *user, const char *name, const char *reason)
{
	assert_non_null(strstr(reason, "no place"));
}

static void reconfigure(struct world *world, const char *text, int64_t t_us)
{
	_auto_free_ struct conf_change *change = new0(struct conf_change);
	struct conf *fresh = read_conf(text);
	char hash[CONF_HASH_SIZE];

	world->now_us = t_us;
	if (world->reads_text)
		fresh = through_text(world, fresh);
	memcpy(hash, fresh->hash, sizeof(hash));
	if (conf_reload_refused(world->conf, fresh, t_us, on_refused, NULL)) {
		world->refused++;
	} else {
		gateway_reconfigure(world->gateway, t_us, fresh, change);
		assert_string_equal(world->conf->hash, hash);
		world->changes += conf_merge_is_any(change);
		free(conf_merge_describe(world->conf, change));
	}
	conf_merge_done(change);
	conf_free(fresh);
}

static void play(struct world *world, uint64_t seed, unsigned steps)
{
	struct drawn_gym *gym = new0(struct drawn_gym);
	struct drawn_air *air = new0(struct drawn_air);
	struct gateway_settings settings = {.run = RUN, .first_seq = 1};
	int64_t t_us = BEGIN_US;

	gym->dice = seed;
	settings.conf = world->conf = read_conf(drawn_gym_text(gym));
	world->gateway = gateway_new(&settings, &ops, world);
	gateway_event(world->gateway,
		&(struct capture_event){.kind = CAPTURE_HEADER,
			.t_us = t_us,
			.wall_us = INT64_C(1795368600) * US_PER_S,
			.gateway = "pi"},
		NULL);
	for (unsigned i = 1; i <= STEPS * STEP_EVERY; i++) {
		t_us = BEGIN_US + i * (int64_t)DRAWN_PERIOD_US;
		world->now_us = t_us;
		drawn_gym_send(air, world->conf, world->gateway, t_us);
		if (i % STEP_EVERY || i / STEP_EVERY > steps)
			continue;
		drawn_gym_step(gym);
		reconfigure(world, drawn_gym_text(gym), t_us + DRAWN_PERIOD_US / 2);
	}
	gateway_finish(world->gateway, t_us + US_PER_S, false);
	free(gym);
	free(air);
}

static void done(struct world *world)
{
	gateway_free(world->gateway);
	conf_free(world->conf);
	free(world->all.text);
	free(world->kept.text);
	free(world->kept_told.at_us);
	while (world->retained) {
		struct topic *topic = world->retained;

		world->retained = topic->next;
		free(topic->name);
		free(topic);
	}
}

static void compare(const char *what, const struct lines *a, const struct lines *b)
{
	const char *left = a->text, *right = b->text;

	while (*left && *left == *right) {
		left++;
		right++;
	}
	if (*left == *right)
		return;
	while (left > a->text && left[-1] != '\n') {
		left--;
		right--;
	}
	fail_msg("%s:\n%.*s\n%.*s", what, (int)strcspn(left, "\n"), left, (int)strcspn(right, "\n"),
		right);
}

/* The same lines: each is told no later. */
static void check_no_later(const struct instants *still, const struct instants *changed)
{
	assert_int_equal(still->n, changed->n);
	for (size_t i = 0; i < still->n; i++)
		if (changed->at_us[i] > still->at_us[i])
			fail_msg("line %zu is told %lld us later", i,
				(long long)(changed->at_us[i] - still->at_us[i]));
}

static bool is_configured(const struct world *world, const char *topic)
{
	char name[64];

	if (sscanf(topic, "coxa/v1/gym/wearable/%63[^/]", name) == 1)
		return conf_find_wearable(world->conf, name) >= 0;
	if (sscanf(topic, "coxa/v1/gym/kit/%63[^/]", name) == 1)
		return conf_find_kit(world->conf, name) >= 0;
	return true;
}

static void check_retained(const struct world *world)
{
	unsigned wearables = 0;

	for (const struct topic *t = world->retained; t; t = t->next) {
		if (!is_configured(world, t->name))
			fail_msg("%s is still retained", t->name);
		wearables += strstr(t->name, "/wearable/") != NULL;
	}
	assert_int_equal(wearables, world->conf->n_present);
}

static void others_go_on_as_if_nothing_had_happened(void **state)
{
	struct world still = {0}, changed = {0}, replayed = {.reads_text = true};

	play(&still, 1, 0);
	assert_non_null(strstr(still.kept.text, "/rep\""));
	assert_non_null(strstr(still.kept.text, "/pop\""));
	for (uint64_t seed = 1; seed <= 2; seed++) {
		play(&changed, seed, STEPS - 20);
		print_message("%u changes, %u refused\n", changed.changes, changed.refused);
		assert_true(changed.changes > STEPS / 2);
		compare("kept", &still.kept, &changed.kept);
		check_no_later(&still.kept_told, &changed.kept_told);
		check_retained(&changed);
		play(&replayed, seed, STEPS - 20);
		compare("replay", &changed.all, &replayed.all);
		assert_int_equal(changed.refused, replayed.refused);
		done(&changed);
		done(&replayed);
		changed = (struct world){0};
		replayed = (struct world){.reads_text = true};
	}
	done(&still);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_go_on_as_if_nothing_had_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
