// SPDX-License-Identifier: MIT
/* Bonds: ours outlives the other side's, a wearable that needs one is paired or says that it must be, and
 * where encryption is required nothing is taken in clear.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "tests/flow/link-world.h"

/* What happens where the other side has no key: seven ways. */
static void fail_without_key(struct link_world *w, unsigned way)
{
	link_world_see_and_permit(w);
	switch (way) {
	case 0:
		link_world_answer(w, LINK_ERROR_AUTHENTICATION);
		return;
	case 1: /* le-connection-abort-by-local */
		link_world_answer(w, LINK_ERROR_FAILED);
		return;
	case 2:
		link_world_answer(w, LINK_ERROR_NO_LINK);
		return;
	case 3: /* dropped at once */
		link_world_event(w, LINK_EVENT_CONNECTED);
		link_world_after(w, US_PER_S / 4);
		link_world_event(w, LINK_EVENT_DISCONNECTED);
		return;
	case 4: /* dropped once encryption timed out */
		link_world_event(w, LINK_EVENT_CONNECTED);
		link_world_after(w, 3 * US_PER_S);
		link_world_event(w, LINK_EVENT_DISCONNECTED);
		return;
	}
	link_world_event(w, LINK_EVENT_CONNECTED);
	link_world_event(w, LINK_EVENT_RESOLVED);
	link_world_is_in(w, LINK_STATE_PREPARING);
	link_world_answer(w, way == 5 ? LINK_ERROR_AUTHENTICATION : LINK_ERROR_TIMEOUT);
	if (link_state(w->link) == LINK_STATE_DRAINING)
		link_world_answer(w, LINK_ERROR_NONE);
	link_world_event(w, LINK_EVENT_DISCONNECTED);
}

static void a_lost_bond_is_kept_and_tried_slowly(void **state)
{
	for (unsigned way = 0; way < 8; way++) {
		struct link_settings settings = by_signal;
		struct link_world w;
		unsigned connects;

		settings.bond = settings.may_pair = true;
		link_world_begin(&w, settings);
		link_world_event(&w, LINK_EVENT_BONDED);
		for (unsigned i = 0; i < 6 && link_state(w.link) != LINK_STATE_QUARANTINED; i++) {
			assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NONE);
			fail_without_key(&w, way == 7 ? i : way);
			if (link_state(w.link) == LINK_STATE_BACKOFF)
				link_world_until(&w, link_deadline(w.link));
		}
		link_world_is_in(&w, LINK_STATE_QUARANTINED);
		assert_string_equal(link_reason(w.link), "bond_lost");
		assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_BOND_LOST);
		/* From then on a single failure a try. */
		for (unsigned i = 0; i < 5; i++) {
			link_world_after(&w, w.timing.quarantine_us);
			connects = w.actions[LINK_ACTION_CONNECT];
			fail_without_key(&w, way == 7 ? i : way);
			link_world_is_in(&w, LINK_STATE_QUARANTINED);
			assert_int_equal(w.actions[LINK_ACTION_CONNECT], connects + 1);
		}
		assert_int_equal(w.actions[LINK_ACTION_FORGET], 0);
		assert_int_equal(w.actions[LINK_ACTION_PAIR], 0);
		/* A person removes it: paired anew, without waiting. */
		link_world_event(&w, LINK_EVENT_GONE);
		assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NONE);
		link_world_see_and_connect(&w);
		assert_int_equal(w.last.kind, LINK_ACTION_PAIR);
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_prepare(&w);
		link_world_end(&w);
	}
}

/* Connections that are not established (HCI 0x3e) are dropped at once too, some in a row. */
static void radio_faults_are_no_lost_bond(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_event(&w, LINK_EVENT_BONDED);
	for (unsigned i = 0; i < 5; i++) {
		fail_without_key(&w, 1 + 2 * (i % 2));
		/* bluetoothd 5.66 says afterwards that it was connected. */
		link_world_event(&w, LINK_EVENT_CONNECTED);
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
		link_world_is_in(&w, LINK_STATE_BACKOFF);
		link_world_until(&w, link_deadline(w.link));
	}
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NONE);
	link_world_stream(&w);
	link_world_end(&w);
}

static void a_bond_that_works_again_is_trusted(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_event(&w, LINK_EVENT_BONDED);
	for (unsigned i = 0; i < 3; i++) {
		fail_without_key(&w, 0);
		link_world_until(&w, link_deadline(w.link));
	}
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_BOND_LOST);
	link_world_stream(&w);
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NONE);
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	link_world_after(&w, US_PER_S);
	fail_without_key(&w, 0);
	link_world_is_in(&w, LINK_STATE_BACKOFF);
	link_world_end(&w);
}

static void a_bond_survives_every_ladder(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	for (unsigned i = 0; i < 12; i++) {
		link_world_event(&w, LINK_EVENT_BONDED);
		link_world_see_and_permit(&w);
		link_world_event(&w, LINK_EVENT_CONNECTED);
		if (i % 2)
			link_world_event(&w, LINK_EVENT_RESOLVED);
		link_world_after(&w, w.timing.resolve_us);
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
		link_world_after(&w, 2 * w.timing.quarantine_us);
	}
	assert_int_equal(w.actions[LINK_ACTION_FORGET], 0);
	link_world_end(&w);
}

static void nothing_is_taken_in_clear(void **state)
{
	struct link_settings settings = by_signal;
	struct link_world w;

	settings.must_encrypt = true;
	link_world_begin(&w, settings);
	link_world_see_and_connect(&w);
	link_world_is_in(&w, LINK_STATE_QUARANTINED);
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NEEDS_PAIRING);
	assert_string_equal(w.trace, "connect disconnect ");
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	link_world_after(&w, w.timing.quarantine_us);
	link_world_event(&w, LINK_EVENT_BONDED);
	link_world_stream(&w);
	/* The bond goes while it streams. */
	link_world_event(&w, LINK_EVENT_UNBONDED);
	link_world_is_in(&w, LINK_STATE_DRAINING);
	assert_false(w.is_up);
	link_world_end(&w);
}

static void says_that_it_must_pair(void **state)
{
	struct link_settings allowed = by_signal;
	struct link_world w;

	/* Refused in words: at once, whatever the driver expected. */
	link_world_begin(&w, by_signal);
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_AUTHENTICATION);
	link_world_is_in(&w, LINK_STATE_QUARANTINED);
	assert_string_equal(link_reason(w.link), "needs_pairing");
	link_world_end(&w);
	/* Not answered at all, as by bluetoothd when its agent refuses. */
	link_world_begin(&w, by_signal);
	w.needs_bond = true;
	for (unsigned i = 0; i < 2; i++) {
		link_world_see_and_connect(&w);
		link_world_answer(&w, LINK_ERROR_TIMEOUT);
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
		if (!i)
			link_world_until(&w, link_deadline(w.link));
	}
	link_world_is_in(&w, LINK_STATE_QUARANTINED);
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NEEDS_PAIRING);
	/* Paired by a person meanwhile. */
	link_world_event(&w, LINK_EVENT_BONDED);
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NONE);
	link_world_end(&w);
	/* Allowed, but not asked for: what it refuses in clear makes it pair. */
	allowed.may_pair = true;
	link_world_begin(&w, allowed);
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_AUTHENTICATION);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_until(&w, link_deadline(w.link));
	link_world_see_and_connect(&w);
	assert_int_equal(w.last.kind, LINK_ACTION_PAIR);
	link_world_end(&w);
}

static void reach(struct link_world *w, enum link_state state)
{
	struct link_settings settings = by_signal;

	settings.must_encrypt = state == LINK_STATE_QUARANTINED;
	link_world_begin(w, settings);
	if (state == LINK_STATE_STREAMING)
		link_world_stream(w);
	else if (state == LINK_STATE_QUARANTINED)
		link_world_see_and_connect(w);
	else if (state == LINK_STATE_BACKOFF)
		fail_without_key(w, 0);
	link_world_is_in(w, state);
	if (state == LINK_STATE_QUARANTINED)
		link_world_event(w, LINK_EVENT_DISCONNECTED);
}

/* What was under way ends, and nothing is waited for. */
static void connect_to_pair(struct link_world *w)
{
	link_world_event(w, LINK_EVENT_PAIR);
	if (link_state(w->link) == LINK_STATE_DRAINING)
		link_world_answer(w, LINK_ERROR_NONE);
	if (link_state(w->link) == LINK_STATE_BACKOFF ||
		link_state(w->link) == LINK_STATE_QUARANTINED)
		link_world_until(w, w->t_us);
	link_world_see_and_connect(w);
	assert_int_equal(w->last.kind, LINK_ACTION_PAIR);
}

/* Whatever the configuration says and the link is doing; once, and with time to read and type. */
static void a_person_asks_for_pairing(void **state)
{
	static const enum link_state states[] = {LINK_STATE_STREAMING, LINK_STATE_QUARANTINED,
		LINK_STATE_ABSENT, LINK_STATE_BACKOFF};
	struct link_world w;

	for (size_t i = 0; i < 2 * ARRAY_LEN(states); i++) {
		reach(&w, states[i / 2]);
		connect_to_pair(&w);
		link_world_after(&w, w.timing.pair_us * 3 / 2);
		link_world_is_in(&w, LINK_STATE_RESOLVING);
		link_world_answer(&w, i % 2 ? LINK_ERROR_NONE : LINK_ERROR_AUTHENTICATION);
		if (i % 2) {
			link_world_prepare(&w);
		} else {
			link_world_event(&w, LINK_EVENT_DISCONNECTED);
			link_world_until(&w, link_deadline(w.link));
			link_world_see_and_connect(&w);
		}
		assert_int_equal(w.actions[LINK_ACTION_PAIR], 1);
		link_world_end(&w);
	}
}

static void a_person_asks_no_longer(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_event(&w, LINK_EVENT_PAIR);
	link_world_see_and_connect(&w);
	assert_int_equal(w.last.kind, LINK_ACTION_PAIR);
	link_world_event(&w, LINK_EVENT_PAIR_END);
	link_world_is_in(&w, LINK_STATE_DRAINING);
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	link_world_until(&w, link_deadline(w.link));
	link_world_stream(&w);
	assert_int_equal(w.actions[LINK_ACTION_PAIR], 1);
	link_world_end(&w);
	/* Too late to end anything. */
	link_world_begin(&w, by_signal);
	link_world_event(&w, LINK_EVENT_PAIR);
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_event(&w, LINK_EVENT_PAIR_END);
	link_world_is_in(&w, LINK_STATE_PREPARING);
	link_world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_bond_is_kept_and_tried_slowly),
		cmocka_unit_test(radio_faults_are_no_lost_bond),
		cmocka_unit_test(a_bond_that_works_again_is_trusted),
		cmocka_unit_test(a_bond_survives_every_ladder),
		cmocka_unit_test(nothing_is_taken_in_clear),
		cmocka_unit_test(says_that_it_must_pair),
		cmocka_unit_test(a_person_asks_for_pairing),
		cmocka_unit_test(a_person_asks_no_longer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
