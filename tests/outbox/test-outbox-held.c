// SPDX-License-Identifier: MIT
/* What waits although there is a connection: held until a time or its topic is free, or set aside until a
 * probe.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/units.h"
#include "tests/outbox/outbox-world.h"

static void what_is_set_aside_returns_alone_and_last(void **state)
{
	struct outbox_world w;
	struct outbox_entry *entry;

	outbox_world_begin(&w, &outbox_world_wide);
	for (int i = 0; i < 4; i++)
		outbox_world_push(&w, i == 2 ? 5 : 3, 0);
	outbox_connection(w.outbox, 0, 16);
	for (int i = 0; i < 3; i++) {
		entry = outbox_next(w.outbox, 0);
		entry->losses = i == 0 ? 0 : 3;
		assert_int_equal(outbox_hold(w.outbox, entry->token, 100 + i, true), 0);
	}
	assert_int_equal(outbox_n_aside(w.outbox), 3);
	assert_int_equal(outbox_probe_us(w.outbox), 100);
	/* Neither time nor a connection brings them back by themselves. */
	outbox_connection(w.outbox, 0, 0);
	outbox_connection(w.outbox, 1000, 16);
	assert_int_equal(outbox_held_until_us(w.outbox), T_NEVER);
	assert_int_equal(outbox_next(w.outbox, 1000)->item.seq, 4);
	assert_null(outbox_next(w.outbox, 1000));
	assert_null(outbox_probe(w.outbox, 99));
	/* What ended no connection is first, then the alert. */
	assert_int_equal(outbox_probe(w.outbox, 200)->item.seq, 1);
	assert_int_equal(outbox_probe(w.outbox, 200)->item.seq, 3);
	outbox_world_push(&w, 5, 200);
	assert_int_equal(outbox_next(w.outbox, 200)->item.seq, 1);
	assert_int_equal(outbox_n_events(w.outbox), 5);
	outbox_free(w.outbox);
}

static void a_newer_value_of_what_is_aside_is_tried(void **state)
{
	struct outbox_item old = outbox_world_state_of("kit/1/session", "bad"), new = old;
	struct outbox_entry *entry;
	struct outbox_world w;

	outbox_world_begin(&w, &outbox_world_wide);
	new.payload = "good";
	new.size = 4;
	outbox_add(w.outbox, 0, &old, true);
	outbox_connection(w.outbox, 0, 16);
	entry = outbox_next(w.outbox, 0);
	entry->losses = 3;
	entry->trouble = OUTBOX_TROUBLE_ASIDE;
	outbox_hold(w.outbox, entry->token, 1000, true);
	outbox_add(w.outbox, 0, &new, false);
	entry = outbox_next(w.outbox, 0);
	assert_memory_equal(entry->item.payload, "good", 4);
	assert_int_equal(entry->losses, 0);
	assert_int_equal(entry->trouble, OUTBOX_TROUBLE_ASIDE);
	assert_int_equal(outbox_n_held(w.outbox), 0);
	/* The same if it came while the old one was on its way. */
	outbox_add(w.outbox, 0, &old, false);
	outbox_hold(w.outbox, entry->token, 1000, true);
	entry = outbox_next(w.outbox, 0);
	assert_memory_equal(entry->item.payload, "bad", 3);
	outbox_free(w.outbox);
}

static void what_is_held_returns_with_its_topic(void **state)
{
	struct outbox_world w;

	outbox_world_begin(&w, &outbox_world_wide);
	outbox_world_push(&w, 3, 0);
	outbox_connection(w.outbox, 0, 16);
	outbox_hold(w.outbox, outbox_next(w.outbox, 0)->token, 1000, false);
	assert_null(outbox_next(w.outbox, 999));
	outbox_release_topic(w.outbox, "another");
	assert_null(outbox_next(w.outbox, 999));
	outbox_release_topic(w.outbox, "t");
	assert_int_equal(outbox_next(w.outbox, 999)->item.seq, 1);
	outbox_free(w.outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_set_aside_returns_alone_and_last),
		cmocka_unit_test(a_newer_value_of_what_is_aside_is_tried),
		cmocka_unit_test(what_is_held_returns_with_its_topic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
