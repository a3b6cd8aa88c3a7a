// SPDX-License-Identifier: MIT
/* Wearables come, go and are replaced in the configuration while the others stream. */
#include "tests/bus/bus-test.h"

#include <stdio.h>
#include <stdlib.h>

/* The gym plays more wearables than are configured so far. */
static void begin_with(struct bus_test *t, const char *gym, unsigned n)
{
	bus_test_begin(t, &(struct bus_test_options){.gym = gym});
	t->source = source_bluez_free(t->source);
	t->conf.n_wearables = n;
	bus_test_renew(t);
}

static void remove_one(struct bus_test *t, unsigned wearable, struct conf_change *change)
{
	t->conf.wearable[wearable].is_gone = true;
	t->conf.wearable[wearable].kit = CONF_NO_KIT;
	change->wearable[wearable] = CONF_FATE_REMOVED;
	t->w[wearable].is_up = false; /* nobody will say so */
}

/* In the next place. */
static unsigned add_one(struct bus_test *t, const char *address, struct conf_change *change)
{
	unsigned at = (unsigned)t->conf.n_wearables++;

	t->conf.wearable[at] = (struct wearable_conf){.placement = PLACEMENT_PELVIS};
	snprintf(t->conf.wearable[at].address, ADDRESS_SIZE, "%s", address);
	change->wearable[at] = CONF_FATE_ADDED;
	return at;
}

static void check_undisturbed(const struct bus_test *t, unsigned wearable)
{
	assert_int_equal(t->w[wearable].connected, 1);
	assert_int_equal(t->w[wearable].disconnected, 0);
	assert_int_equal(t->w[wearable].repeated, 0);
	assert_int_equal(t->w[wearable].out_of_turn, 0);
}

static void a_new_one_is_found(void **state)
{
	struct conf_change *change = new0(struct conf_change);
	struct bus_test t;
	unsigned at;

	begin_with(&t, "3 100", 2);
	UNTIL_STREAMS(&t, 2, 10);
	at = add_one(&t, "C0:A5:00:00:00:02", change);
	source_bluez_reload(t.source, change);
	UNTIL(&t, t.w[at].motion > 10);
	UNTIL_STREAMS(&t, 3, 10);
	check_undisturbed(&t, 0);
	check_undisturbed(&t, 1);
	bus_test_end(&t);
	free(change);
}

static void a_removed_one_is_disconnected(void **state)
{
	struct conf_change *change = new0(struct conf_change);
	struct bus_test t;
	unsigned notified;

	begin_with(&t, "3 100", 3);
	UNTIL_STREAMS(&t, 3, 10);
	remove_one(&t, 1, change);
	source_bluez_reload(t.source, change);
	notified = t.w[1].notified;
	UNTIL(&t, !t.source->link[1]);
	UNTIL(&t, bus_test_order(&t, "count links") == 2);
	/* Nothing more is said of it, and its bond is nobody's business. */
	assert_int_equal(t.w[1].notified, notified);
	assert_int_equal(t.w[1].disconnected, 0);
	assert_int_equal(bus_test_order(&t, "count RemoveDevice"), 0);
	for (unsigned n = t.w[0].motion; t.w[0].motion < n + 30;)
		UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(bus_test_order(&t, "count links"), 2);
	assert_int_equal(source_bluez_write(t.source, 1, &(struct driver_step){0}), -ENOTCONN);
	check_undisturbed(&t, 0);
	check_undisturbed(&t, 2);
	bus_test_end(&t);
	free(change);
}

static void another_takes_the_place_of_one(void **state)
{
	struct conf_change *change = new0(struct conf_change);
	struct bus_test t;
	unsigned at;

	begin_with(&t, "3 100", 2);
	UNTIL_STREAMS(&t, 2, 10);
	remove_one(&t, 1, change);
	at = add_one(&t, "C0:A5:00:00:00:02", change);
	source_bluez_reload(t.source, change);
	UNTIL(&t, t.w[at].motion > 10);
	UNTIL(&t, !t.source->link[1] && bus_test_order(&t, "count links") == 2);
	check_undisturbed(&t, 0);
	check_undisturbed(&t, at);
	bus_test_end(&t);
	free(change);
}

/* As with another driver: the old link ends, then the new one begins. */
static void the_same_address_begins_anew(void **state)
{
	struct conf_change *change = new0(struct conf_change);
	struct bus_test t;
	unsigned at;

	begin_with(&t, "2 100", 2);
	UNTIL_STREAMS(&t, 2, 10);
	remove_one(&t, 1, change);
	at = add_one(&t, "C0:A5:00:00:00:01", change);
	source_bluez_reload(t.source, change);
	UNTIL(&t, t.w[at].motion > 10);
	assert_null(t.source->link[1]);
	check_undisturbed(&t, 0);
	check_undisturbed(&t, at);
	bus_test_end(&t);
	free(change);
}

/* In whatever state its link is: twenty times a wearable goes, some milliseconds after it came. */
static void one_may_go_at_any_time(void **state)
{
	struct conf_change *change = new0(struct conf_change);
	struct bus_test t;

	begin_with(&t, "2 100", 1);
	UNTIL_STREAMS(&t, 1, 5);
	for (unsigned i = 0; i < 20; i++) {
		unsigned at = add_one(&t, "C0:A5:00:00:00:01", change), motion = t.w[0].motion;

		source_bluez_reload(t.source, change);
		*change = (struct conf_change){0};
		UNTIL(&t, t.w[0].motion >= motion + i);
		remove_one(&t, at, change);
		source_bluez_reload(t.source, change);
		*change = (struct conf_change){0};
	}
	for (unsigned i = 1; i < t.conf.n_wearables; i++)
		UNTIL(&t, !t.source->link[i]);
	UNTIL(&t, bus_test_order(&t, "count links") == 1);
	check_undisturbed(&t, 0);
	bus_test_end(&t);
	free(change);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_one_is_found),
		cmocka_unit_test(a_removed_one_is_disconnected),
		cmocka_unit_test(another_takes_the_place_of_one),
		cmocka_unit_test(the_same_address_begins_anew),
		cmocka_unit_test(one_may_go_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
