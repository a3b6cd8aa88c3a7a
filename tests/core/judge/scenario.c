// SPDX-License-Identifier: MIT
#include "tests/core/judge/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

const struct pop_result *scenario_play(struct rig *rig, const struct rig_rep *rep)
{
	int64_t t = rig_rep(rig, 0, rep);

	rig_run(rig, 2);
	return rig_last(rig, t);
}

void scenario_is_benign(const struct pop_result *p)
{
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_true(p->severity <= 1);
	assert_int_equal(p->n_cues, 0);
}

void scenario_is_red(const struct pop_result *p, unsigned severity)
{
	assert_int_equal(p->class, POP_CLASS_RED_FLAG);
	assert_int_equal(p->severity, severity);
	assert_true(rig_has_cue(p, CUE_STOP));
}

void scenario_is_rejected(const struct pop_result *p, enum code code)
{
	assert_int_equal(p->class, POP_CLASS_NOT_A_POP);
	assert_true(rig_has(p, code));
}
