// SPDX-License-Identifier: MIT
/* Brains that come, go, and lose their connection, at a broker that retains what they say: one leads,
 * and stays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "coxad/base/generator.h"
#include "coxad/base/units.h"
#include "coxad/core/fleet/brain-lead.h"

#define BRAINS  4
#define STEP_US (50 * US_PER_MS)
/* A message takes a step; one that gives way needs another. */
#define BOTH_STEPS_MAX 2

static struct world {
	uint64_t dice;
	int64_t now_us;
	struct brain {
		char name[8];
		struct brain_lead lead;
		bool is_there;
		int64_t remembered; /* over its restarts */
		int64_t led;        /* the epoch, since it came */
		struct said {
			bool is_leading;
			int64_t epoch;
		} said, on_way;
		bool is_on_way, was_leading;
		int64_t told_us;
	} brain[BRAINS];
} w;

static unsigned roll(unsigned n)
{
	return (unsigned)(generator_splitmix(&w.dice) % n);
}

static void begin(uint64_t seed)
{
	w = (struct world){.dice = seed, .now_us = (int64_t)US_PER_S};
	for (unsigned i = 0; i < BRAINS; i++)
		snprintf(w.brain[i].name, sizeof(w.brain[i].name), "pi-%u", i);
}

static void note_all(const struct brain *from)
{
	for (unsigned i = 0; i < BRAINS; i++)
		if (w.brain[i].is_there)
			brain_lead_note(&w.brain[i].lead, w.now_us, from->name,
				from->said.is_leading, from->said.epoch);
}

static void come(struct brain *b)
{
	b->is_there = true;
	b->was_leading = false;
	b->led = 0;
	brain_lead_init(&b->lead, b->name, b->remembered);
	brain_lead_up(&b->lead, w.now_us);
	for (unsigned i = 0; i < BRAINS; i++)
		brain_lead_note(&b->lead, w.now_us, w.brain[i].name, w.brain[i].said.is_leading,
			w.brain[i].said.epoch);
}

/* The broker says it for those that cannot. */
static void go(struct brain *b)
{
	b->is_there = b->is_on_way = false;
	b->said.is_leading = false;
	note_all(b);
}

static void say(struct brain *b)
{
	b->on_way = (struct said){b->lead.is_leading, b->lead.epoch};
	b->is_on_way = true;
	b->told_us = w.now_us;
	if (b->lead.is_leading && !b->was_leading) {
		assert_true(b->lead.epoch > b->remembered || b->lead.epoch == b->led);
		b->remembered = b->led = b->lead.epoch;
	}
	b->was_leading = b->lead.is_leading;
}

static void step(void)
{
	w.now_us += STEP_US;
	for (unsigned i = 0; i < BRAINS; i++) {
		struct brain *b = &w.brain[i];

		if (!b->is_on_way)
			continue;
		b->is_on_way = false;
		b->said = b->on_way;
		note_all(b);
	}
	for (unsigned i = 0; i < BRAINS; i++) {
		struct brain *b = &w.brain[i];

		if (!b->is_there)
			continue;
		if (brain_lead_deadline(&b->lead) <= w.now_us)
			brain_lead_advance(&b->lead, w.now_us);
		if (b->was_leading != b->lead.is_leading ||
			(b->was_leading && w.now_us - b->told_us >= BRAIN_LEAD_TELL_US))
			say(b);
	}
}

static unsigned n_leading(const struct brain **ret)
{
	unsigned n = 0;

	for (unsigned i = 0; i < BRAINS; i++)
		if (w.brain[i].is_there && w.brain[i].lead.is_leading) {
			*ret = &w.brain[i];
			n++;
		}
	return n;
}

static void run(int64_t for_us)
{
	for (int64_t until_us = w.now_us + for_us; w.now_us < until_us;)
		step();
}

/* Whoever comes or goes: soon one leads, if there is any, and none that leads gives way to one that came
 * later. */
static void one_leads(void **state)
{
	for (uint64_t seed = 1; seed <= 200; seed++) {
		const struct brain *leader = NULL, *before = NULL;
		unsigned both = 0;

		begin(seed);
		for (unsigned i = 0; i < 40; i++) {
			struct brain *b = &w.brain[roll(BRAINS)];

			if (b->is_there)
				go(b);
			else
				come(b);
			for (unsigned k = roll(40); k > 0; k--) {
				step();
				both = n_leading(&leader) > 1 ? both + 1 : 0;
				assert_true(both <= BOTH_STEPS_MAX);
			}
		}
		for (unsigned i = 0; i < BRAINS; i++)
			if (!w.brain[i].is_there && roll(2))
				come(&w.brain[i]);
		if (!w.brain[0].is_there)
			come(&w.brain[0]);
		run(3 * BRAIN_LEAD_LOOK_US);
		assert_int_equal(n_leading(&before), 1);
		run(3 * BRAIN_LEAD_SILENT_US);
		assert_int_equal(n_leading(&leader), 1);
		assert_ptr_equal(leader, before);
		for (unsigned i = 0; i < BRAINS; i++) {
			const char *other = brain_lead_other(&w.brain[i].lead);

			if (w.brain[i].is_there && &w.brain[i] != leader)
				assert_string_equal(other, leader->name);
		}
	}
}

/* Of two that begin at once, whichever is heard first. */
static void two_that_begin_at_once_agree(void **state)
{
	const struct brain *leader;

	begin(1);
	come(&w.brain[1]);
	come(&w.brain[0]);
	run(2 * BRAIN_LEAD_LOOK_US);
	assert_int_equal(n_leading(&leader), 1);
	assert_string_equal(leader->name, "pi-0");
}

/* What the broker retains of it says that it leads. */
static void a_dead_one_is_not_waited_for_forever(void **state)
{
	begin(1);
	w.brain[1].said = (struct said){true, 7};
	come(&w.brain[0]);
	run(BRAIN_LEAD_SILENT_US - 2 * BRAIN_LEAD_LOOK_US);
	assert_false(w.brain[0].lead.is_leading);
	assert_string_equal(brain_lead_other(&w.brain[0].lead), "pi-1");
	run(4 * BRAIN_LEAD_LOOK_US);
	assert_true(w.brain[0].lead.is_leading);
	assert_int_equal(w.brain[0].lead.epoch, 8);
}

static void without_a_connection_nobody_leads(void **state)
{
	struct brain_lead *lead = &w.brain[0].lead;

	begin(1);
	come(&w.brain[0]);
	run(2 * BRAIN_LEAD_LOOK_US);
	assert_int_equal(lead->epoch, 1);
	brain_lead_down(lead);
	assert_false(lead->is_leading);
	assert_true(brain_lead_deadline(lead) == T_NEVER);
	brain_lead_note(lead, w.now_us, "pi-1", true, 5);
	assert_null(brain_lead_other(lead));
	brain_lead_up(lead, w.now_us);
	brain_lead_note(lead, w.now_us, "pi-0", true, 1);
	run(2 * BRAIN_LEAD_LOOK_US);
	assert_int_equal(lead->epoch, 1);
	brain_lead_down(lead);
	brain_lead_up(lead, w.now_us);
	brain_lead_note(lead, w.now_us, "pi-0", true, 9); /* its own, of an earlier run */
	brain_lead_note(lead, w.now_us, "pi-1", false, BRAIN_LEAD_EPOCH_MAX);
	run(2 * BRAIN_LEAD_LOOK_US);
	assert_true(lead->is_leading);
	assert_int_equal(lead->epoch, 10);
}

/* Its last word is retained for ever, and comes again with each connection. */
static void a_brain_that_died_before_is_no_leader(void **state)
{
	struct brain_lead *lead = &w.brain[0].lead;

	begin(1);
	come(&w.brain[0]);
	brain_lead_note(lead, w.now_us, "pi-1", true, 3);
	run(2 * BRAIN_LEAD_SILENT_US);
	assert_int_equal(lead->epoch, 4);
	brain_lead_down(lead);
	brain_lead_up(lead, w.now_us);
	brain_lead_note(lead, w.now_us, "pi-1", true, 3);
	assert_null(brain_lead_other(lead));
	run(2 * BRAIN_LEAD_LOOK_US);
	assert_true(lead->is_leading);
	assert_int_equal(lead->epoch, 4);
	/* It lives. */
	brain_lead_note(lead, w.now_us, "pi-1", true, 3);
	assert_string_equal(brain_lead_other(lead), "pi-1");
}

/* More than there is room for. */
static void a_crowd_is_waited_for(void **state)
{
	struct brain_lead *lead = &w.brain[0].lead;
	char name[NAME_SIZE];

	begin(1);
	come(&w.brain[0]);
	for (unsigned i = 0; i < 3 * BRAIN_LEAD_OTHERS_MAX; i++) {
		snprintf(name, sizeof(name), "other-%u", i);
		brain_lead_note(lead, w.now_us, name, true, 1);
	}
	run(2 * BRAIN_LEAD_LOOK_US);
	assert_false(lead->is_leading);
	assert_int_equal(lead->n_others, BRAIN_LEAD_OTHERS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_leads),
		cmocka_unit_test(two_that_begin_at_once_agree),
		cmocka_unit_test(a_dead_one_is_not_waited_for_forever),
		cmocka_unit_test(without_a_connection_nobody_leads),
		cmocka_unit_test(a_brain_that_died_before_is_no_leader),
		cmocka_unit_test(a_crowd_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
