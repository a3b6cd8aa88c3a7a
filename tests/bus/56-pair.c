// SPDX-License-Identifier: MIT
/* Pairing that a person asks for: each thing that a wearable may demand, each way to fail; no agent is left
 * afterwards, and the wearable streams as before.
 */
#include "tests/bus/bus-test.h"

#include <stdio.h>

#include "coxad/bluez/source-bluez-pair.h"

#define ADDRESS "C0:A5:00:00:00:00"
#define FOR_US  (BUS_TEST_PATIENCE_S * INT64_C(1000000))

struct person {
	struct bus_test t;
	enum source_bluez_pair_ask ask; /* asked last */
	char value[SOURCE_BLUEZ_PAIR_VALUE_SIZE];
	unsigned asked, ended;
	enum source_bluez_pair_end end;
};

static void on_ask(void *user, enum source_bluez_pair_ask ask, const char *value)
{
	struct person *p = user;

	p->ask = ask;
	p->asked++;
	snprintf(p->value, sizeof(p->value), "%s", value);
}

static void on_ended(void *user, enum source_bluez_pair_end end)
{
	struct person *p = user;

	p->ended++;
	p->end = end;
}

static const struct source_bluez_pair_ops pair_ops = {on_ask, on_ended};

static int pair(struct person *p, int64_t for_us)
{
	return source_bluez_pair(p->t.source, ADDRESS, for_us, &pair_ops, p);
}

static void begin(struct person *p, const char *script, bool has_field_timing)
{
	*p = (struct person){0};
	bus_test_begin(&p->t,
		&(struct bus_test_options){.script = script, .has_field_timing = has_field_timing});
	UNTIL_STREAMS(&p->t, 1, 5);
	assert_int_equal(pair(p, FOR_US), 0);
}

static void end(struct person *p, enum source_bluez_pair_end expected)
{
	UNTIL(&p->t, p->ended);
	assert_int_equal(p->end, expected);
	UNTIL(&p->t, bus_test_order(&p->t, "count agents") == 0);
	UNTIL_STREAMS(&p->t, 1, 5);
	assert_int_equal(p->ended, 1);
	assert_int_equal(bus_test_order(&p->t, "count RemoveDevice"), 0);
	/* A bond is there afterwards if it was said so, and is told if it is asked for. */
	assert_int_equal(pair(p, FOR_US), expected <= SOURCE_BLUEZ_PAIR_END_UNASKED ? -EEXIST : 0);
	bus_test_end(&p->t);
}

static void nothing_is_demanded(void **state)
{
	struct person p;

	begin(&p, NULL, true);
	end(&p, SOURCE_BLUEZ_PAIR_END_UNASKED);
	assert_int_equal(p.asked, 0);
}

static void what_it_shows_is_entered(void **state)
{
	static const struct {
		const char *answer;
		enum source_bluez_pair_end end;
	} cases[] = {{"4217", SOURCE_BLUEZ_PAIR_END_DONE}, {"004218", SOURCE_BLUEZ_PAIR_END_WRONG}};
	static const char *const senseless[] = {"", "yes", "1234567", "-1", "12 4", "0x12"};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct person p;

		begin(&p, "demand " ADDRESS " shown 004217", true);
		UNTIL(&p.t, p.asked);
		assert_int_equal(p.ask, SOURCE_BLUEZ_PAIR_ASK_PASSKEY);
		assert_int_equal(bus_test_order(&p.t, "count agents"), 1);
		for (size_t k = 0; k < ARRAY_LEN(senseless); k++)
			assert_int_equal(
				source_bluez_pair_answer(p.t.source, senseless[k]), -EINVAL);
		assert_int_equal(source_bluez_pair_answer(p.t.source, cases[i].answer), 0);
		assert_int_equal(source_bluez_pair_answer(p.t.source, cases[i].answer), -ENOENT);
		end(&p, cases[i].end);
	}
}

static void a_pin_is_entered(void **state)
{
	struct person p;

	begin(&p, "demand " ADDRESS " pin open-Sesame", true);
	UNTIL(&p.t, p.asked);
	assert_int_equal(p.ask, SOURCE_BLUEZ_PAIR_ASK_PIN);
	assert_int_equal(source_bluez_pair_answer(p.t.source, ""), -EINVAL);
	assert_int_equal(source_bluez_pair_answer(p.t.source, "12345678901234567"), -EINVAL);
	assert_int_equal(source_bluez_pair_answer(p.t.source, "open\nSesame"), -EINVAL);
	assert_int_equal(source_bluez_pair_answer(p.t.source, "open-Sesame"), 0);
	end(&p, SOURCE_BLUEZ_PAIR_END_DONE);
}

static void what_is_shown_is_entered_at_it(void **state)
{
	static const struct {
		const char *entered;
		enum source_bluez_pair_end end;
	} cases[] = {
		{"000042", SOURCE_BLUEZ_PAIR_END_DONE}, {"000043", SOURCE_BLUEZ_PAIR_END_WRONG}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct person p;

		begin(&p, "demand " ADDRESS " entered 000042", true);
		UNTIL(&p.t, p.asked);
		assert_int_equal(p.ask, SOURCE_BLUEZ_PAIR_ASK_SHOW);
		assert_string_equal(p.value, "000042");
		assert_int_equal(source_bluez_pair_answer(p.t.source, "000042"), -ENOENT);
		bus_test_order(&p.t, "enter " ADDRESS " %s", cases[i].entered);
		end(&p, cases[i].end);
		assert_int_equal(p.asked, 1); /* not again with each digit */
	}
}

static void what_both_show_is_compared(void **state)
{
	static const struct {
		const char *answer;
		enum source_bluez_pair_end end;
	} cases[] = {{"yes", SOURCE_BLUEZ_PAIR_END_DONE}, {"no", SOURCE_BLUEZ_PAIR_END_DECLINED}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct person p;

		begin(&p, "demand " ADDRESS " compared 123456", true);
		UNTIL(&p.t, p.asked);
		assert_int_equal(p.ask, SOURCE_BLUEZ_PAIR_ASK_CONFIRM);
		assert_string_equal(p.value, "123456");
		assert_int_equal(source_bluez_pair_answer(p.t.source, "123456"), -EINVAL);
		assert_int_equal(source_bluez_pair_answer(p.t.source, cases[i].answer), 0);
		end(&p, cases[i].end);
	}
}

static void it_fails_without_a_question(void **state)
{
	static const struct {
		const char *script;
		enum source_bluez_pair_end end;
	} cases[] = {{"fault Pair * error AuthenticationFailed x1", SOURCE_BLUEZ_PAIR_END_REFUSED},
		{"fault Pair * error AuthenticationRejected x1", SOURCE_BLUEZ_PAIR_END_REFUSED},
		{"fault Pair * error AuthenticationTimeout x1", SOURCE_BLUEZ_PAIR_END_SILENT},
		{"fault Pair * mute x1", SOURCE_BLUEZ_PAIR_END_SILENT},
		{"fault Pair * error ConnectionAttemptFailed x1", SOURCE_BLUEZ_PAIR_END_LOST},
		{"fault RegisterAgent * error NotPermitted x1", SOURCE_BLUEZ_PAIR_END_BLUEZ}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct person p;

		begin(&p, cases[i].script, false);
		end(&p, cases[i].end);
		assert_int_equal(p.asked, 0);
	}
}

static void nobody_answers(void **state)
{
	struct person p;

	begin(&p, "demand " ADDRESS " shown 004217", false);
	end(&p, SOURCE_BLUEZ_PAIR_END_UNANSWERED);
	assert_int_equal(p.asked, 1);
}

static void it_is_not_there(void **state)
{
	struct person p = {0};

	bus_test_begin(&p.t, &(struct bus_test_options){.script = "fault advert * mute"});
	UNTIL(&p.t, bus_test_order(&p.t, "count StartDiscovery"));
	assert_int_equal(pair(&p, 100000), 0);
	UNTIL(&p.t, p.ended);
	assert_int_equal(p.end, SOURCE_BLUEZ_PAIR_END_AWAY);
	bus_test_order(&p.t, "clear");
	end(&p, SOURCE_BLUEZ_PAIR_END_AWAY);
}

static void it_does_not_connect(void **state)
{
	struct person p;

	begin(&p, NULL, false);
	source_bluez_pair_cancel(p.t.source);
	bus_test_order(&p.t, "fault Connect * error Failed:le-connection-abort-by-local");
	bus_test_order(&p.t, "drop *");
	UNTIL(&p.t, pair(&p, 300000) == 0);
	UNTIL(&p.t, p.ended);
	bus_test_order(&p.t, "clear");
	end(&p, SOURCE_BLUEZ_PAIR_END_UNREACHED);
}

static void restart_bus(struct person *p)
{
	bus_test_kill_bus(&p->t);
	UNTIL(&p->t, p->ended);
	bus_test_start_bus(&p->t);
	bus_test_kill_door(&p->t);
	bus_test_start_door(&p->t, &(struct bus_test_options){0});
}

/* A question is open meanwhile, or something is shown. */
static void it_is_interrupted(void **state)
{
	static const struct {
		const char *script, *order;
		enum source_bluez_pair_end end;
	} cases[] = {{"demand " ADDRESS " shown 123456", "drop *", SOURCE_BLUEZ_PAIR_END_LOST},
		{"demand " ADDRESS " entered 123456", "drop *", SOURCE_BLUEZ_PAIR_END_LOST},
		{"demand " ADDRESS " compared 123456", "restart 100", SOURCE_BLUEZ_PAIR_END_BLUEZ},
		{"demand " ADDRESS " shown 123456", NULL, SOURCE_BLUEZ_PAIR_END_BLUEZ}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct person p;

		begin(&p, cases[i].script, true);
		UNTIL(&p.t, p.asked);
		if (cases[i].order)
			bus_test_order(&p.t, "%s", cases[i].order);
		else
			restart_bus(&p);
		end(&p, cases[i].end);
	}
}

static void it_is_cancelled(void **state)
{
	struct person p;

	begin(&p, "demand " ADDRESS " shown 123456", true);
	assert_int_equal(pair(&p, FOR_US), -EBUSY);
	UNTIL(&p.t, p.asked);
	source_bluez_pair_cancel(p.t.source);
	assert_int_equal(source_bluez_pair_answer(p.t.source, "123456"), -ENOENT);
	UNTIL(&p.t, bus_test_order(&p.t, "count agents") == 0);
	UNTIL_STREAMS(&p.t, 1, 5);
	assert_int_equal(p.ended, 0);
	assert_int_equal(
		source_bluez_pair(p.t.source, "C0:A5:00:00:00:77", FOR_US, &pair_ops, &p), -ENOENT);
	/* While it runs, and at the end of coxad. */
	assert_int_equal(pair(&p, FOR_US), 0);
	UNTIL(&p.t, p.asked == 2);
	source_bluez_stop(p.t.source);
	assert_int_equal(p.ended, 1);
	assert_int_equal(p.end, SOURCE_BLUEZ_PAIR_END_REMOVED);
	UNTIL(&p.t, source_bluez_is_stopped(p.t.source));
	bus_test_end(&p.t);
}

static void somebody_else_pairs_it(void **state)
{
	struct person p = {0};

	bus_test_begin(&p.t, &(struct bus_test_options){.script = "fault Connect * mute x2"});
	UNTIL(&p.t, bus_test_order(&p.t, "count Connect"));
	assert_int_equal(pair(&p, FOR_US), 0);
	bus_test_order(&p.t, "bond *");
	end(&p, SOURCE_BLUEZ_PAIR_END_UNASKED);
}

/* The agent of all other pairing stays what it is. */
static void the_other_agent_stays(void **state)
{
	struct person p = {0};

	bus_test_begin(&p.t, &(struct bus_test_options){.pairing = PAIRING_MODE_CONFIGURED});
	UNTIL_STREAMS(&p.t, 1, 5);
	assert_int_equal(bus_test_order(&p.t, "count agents"), 1);
	assert_int_equal(pair(&p, FOR_US), 0);
	UNTIL(&p.t, p.ended);
	assert_int_equal(p.end, SOURCE_BLUEZ_PAIR_END_UNASKED);
	UNTIL(&p.t, bus_test_order(&p.t, "count agents") == 1);
	assert_int_equal(bus_test_order(&p.t, "count RequestDefaultAgent"), 1);
	bus_test_end(&p.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_demanded),
		cmocka_unit_test(what_it_shows_is_entered),
		cmocka_unit_test(a_pin_is_entered),
		cmocka_unit_test(what_is_shown_is_entered_at_it),
		cmocka_unit_test(what_both_show_is_compared),
		cmocka_unit_test(it_fails_without_a_question),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(it_is_not_there),
		cmocka_unit_test(it_does_not_connect),
		cmocka_unit_test(it_is_interrupted),
		cmocka_unit_test(it_is_cancelled),
		cmocka_unit_test(somebody_else_pairs_it),
		cmocka_unit_test(the_other_agent_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
