// SPDX-License-Identifier: MIT
#pragma once
/* When something arrived at a radio, on the clock of the brain, which asks and is answered as in NTP
 * (RFC 5905, 8):
 *
 *   brain  --- t1 ------------------ t4 --->    t3 - t4 <= radio minus brain <= t2 - t1
 *               \                   /
 *   radio  ------ t2 ---------- t3 -------->
 *
 * The bounds are true whatever the network does; those of several answers are intersected, and widen
 * with time, as the clocks run apart: as fast as adjtime(3) lets both, and much faster for a minute after
 * an answer that contradicts the others. Pure values.
 */
#include <stdint.h>
#include <stdbool.h>

#define RADIO_CLOCK_ASKED      8 /* questions that may be open */
#define RADIO_CLOCK_ANSWERS    8 /* so many are enough, however far off the clock may still be */
#define RADIO_CLOCK_GOOD_US    2000
#define RADIO_CLOCK_UNC_MAX_US (31 * 24 * INT64_C(3600000000))
/* No instant is later: milliseconds would get lost where JSON has doubles. */
#define RADIO_CLOCK_T_MAX_US (INT64_C(1) << 53)

struct radio_clock {
	int64_t boot;              /* of the radio whose clock it is; 0: nothing is known yet */
	int64_t least_us, most_us; /* the radio's clock minus ours, when the radio's was seen_us */
	int64_t seen_us;
	int64_t haste_until_us; /* on the radio's clock: one of the two is set in haste */
	int64_t last_us;        /* the latest arrival so far, on our clock */
	int64_t number;         /* of the last question */
	unsigned n_answers;     /* since it is known, or made a step */
	unsigned n_asked;
	struct radio_clock_question {
		int64_t number, t1_us;
	} asked[RADIO_CLOCK_ASKED];
	uint64_t steps;   /* answers that contradict the earlier ones */
	uint64_t refused; /* that nobody asked for, or that cannot be */
};

struct radio_clock_answer {
	int64_t boot;          /* of who answers, not 0: each has a clock of its own */
	int64_t number, t1_us; /* as asked */
	int64_t t2_us, t3_us;  /* when it took the question, and gave the answer */
	int64_t t4_us;         /* when that came, on our clock */
};

struct radio_clock_time {
	int64_t t_us;
	int64_t unc_us; /* how far off that is at most */
};

void radio_clock_init(struct radio_clock *clock);
/* A question is about to be sent: its number. */
int64_t radio_clock_ask(struct radio_clock *clock, int64_t t1_us);
/* 0; 1: the radio's clock made a step; -EINVAL: refused. */
int radio_clock_answer(struct radio_clock *clock, const struct radio_clock_answer *answer);
/* Whether the clock of that boot is known. */
bool radio_clock_knows(const struct radio_clock *clock, int64_t boot);
/* Whether it is also known well enough for the clocks of wearables to be measured by it, or as well as it will
 * be: one answer may have been long on its way. */
bool radio_clock_is_good(const struct radio_clock *clock, int64_t boot);
/* Never decreases, and is never later than now. The clock must be known. */
struct radio_clock_time radio_clock_convert(
	struct radio_clock *clock, int64_t radio_us, int64_t now_us);
