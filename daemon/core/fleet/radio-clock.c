// SPDX-License-Identifier: MIT
#include "coxad/core/fleet/radio-clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/list.h"
#include "coxad/base/units.h"

/* Each clock may run off by 600 ppm: adjtime(3) slews it by 500, and its crystal is off by 100. */
#define DRIFT_SHARE 833
/* A contradiction shows that one is slewed faster: chronyd may do so by 8.3 %, and both at once. */
#define HASTE_SHARE 6
#define HASTE_US    (60 * (int64_t)US_PER_S)

/* Until when the radio's clock is at_us. */
static int64_t drift_us(const struct radio_clock *clock, int64_t at_us)
{
	int64_t elapsed_us = llabs(at_us - clock->seen_us);

	/* Rounded up, and for what microseconds cut off. */
	return elapsed_us / (at_us < clock->haste_until_us ? HASTE_SHARE : DRIFT_SHARE) + 1;
}

void radio_clock_init(struct radio_clock *clock)
{
	memset(clock, 0, sizeof(*clock));
}

int64_t radio_clock_ask(struct radio_clock *clock, int64_t t1_us)
{
	*list_add(clock->asked, clock->n_asked, RADIO_CLOCK_ASKED) =
		(struct radio_clock_question){++clock->number, t1_us};
	return clock->number;
}

/* Also forgets what was asked before it. False: nobody asked. */
static bool take_question(struct radio_clock *clock, const struct radio_clock_answer *answer)
{
	unsigned i = 0;

	while (i < clock->n_asked && (clock->asked[i].number != answer->number ||
					     clock->asked[i].t1_us != answer->t1_us))
		i++;
	if (i == clock->n_asked)
		return false;
	for (unsigned n = i + 1; n > 0; n--)
		list_drop(clock->asked, clock->n_asked, 0);
	return true;
}

static bool is_instant(int64_t t_us)
{
	return t_us >= 0 && t_us <= RADIO_CLOCK_T_MAX_US;
}

struct bounds {
	int64_t least_us, most_us;
};

/* What one answer says by itself. False: it cannot be. */
static bool read_answer(const struct radio_clock_answer *answer, struct bounds *ret)
{
	if (!is_instant(answer->t2_us) || !is_instant(answer->t3_us) ||
		answer->t3_us < answer->t2_us)
		return false;
	ret->least_us = answer->t3_us - answer->t4_us - 1;
	ret->most_us =
		answer->t2_us - answer->t1_us + (answer->t3_us - answer->t2_us) / HASTE_SHARE + 1;
	return ret->least_us <= ret->most_us;
}

/* False: they contradict what is known. */
static bool intersect(const struct radio_clock *clock, int64_t t_us, struct bounds *bounds)
{
	int64_t wider_us = drift_us(clock, t_us);
	int64_t least_us = clock->least_us - wider_us, most_us = clock->most_us + wider_us;

	if (least_us > bounds->most_us || most_us < bounds->least_us)
		return false;
	if (least_us > bounds->least_us)
		bounds->least_us = least_us;
	if (most_us < bounds->most_us)
		bounds->most_us = most_us;
	return true;
}

int radio_clock_answer(struct radio_clock *clock, const struct radio_clock_answer *answer)
{
	struct bounds bounds;
	bool is_step;

	if (!take_question(clock, answer) || !read_answer(answer, &bounds)) {
		clock->refused++;
		return -EINVAL;
	}
	is_step = clock->boot == answer->boot && !intersect(clock, answer->t3_us, &bounds);
	clock->steps += is_step;
	if (is_step)
		clock->haste_until_us = answer->t3_us + HASTE_US;
	else if (clock->boot != answer->boot)
		clock->haste_until_us = 0;
	clock->n_answers = is_step || clock->boot != answer->boot ? 1 : clock->n_answers + 1;
	clock->boot = answer->boot;
	clock->least_us = bounds.least_us;
	clock->most_us = bounds.most_us;
	clock->seen_us = answer->t3_us;
	return is_step;
}

bool radio_clock_knows(const struct radio_clock *clock, int64_t boot)
{
	return boot && clock->boot == boot;
}

bool radio_clock_is_good(const struct radio_clock *clock, int64_t boot)
{
	return radio_clock_knows(clock, boot) &&
	       (clock->n_answers >= RADIO_CLOCK_ANSWERS ||
		       clock->most_us - clock->least_us <= 2 * RADIO_CLOCK_GOOD_US);
}

struct radio_clock_time radio_clock_convert(
	struct radio_clock *clock, int64_t radio_us, int64_t now_us)
{
	int64_t half_us = (clock->most_us - clock->least_us) / 2;
	struct radio_clock_time at = {.t_us = radio_us - clock->least_us - half_us,
		.unc_us = half_us + drift_us(clock, radio_us)};

	/* It cannot have arrived after we took it. */
	if (at.t_us > now_us)
		at.t_us = now_us;
	if (at.t_us < clock->last_us) {
		at.unc_us += clock->last_us - at.t_us;
		at.t_us = clock->last_us;
	}
	clock->last_us = at.t_us;
	if (at.unc_us > RADIO_CLOCK_UNC_MAX_US)
		at.unc_us = RADIO_CLOCK_UNC_MAX_US;
	return at;
}
