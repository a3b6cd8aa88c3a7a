// SPDX-License-Identifier: MIT
#pragma once
/* The brain's side of the way from one radio: which batch comes next. Each is taken once and in order;
 * one that comes too early shows that others are missing, which are asked for, as itself will be
 * (go-back-N). Says what is done when the results are on disk. Pure values; owns nothing.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/fleet/radio-flow.h"
#include "coxad/core/fleet/radio-reason.h"

#define RADIO_INBOX_BOOTS 8 /* earlier ones that are remembered */

struct radio_inbox_boot {
	int64_t boot; /* 0: nothing was heard yet */
	int64_t next; /* to be taken; the first of a boot is 1 */
	int64_t done;
};

struct radio_inbox {
	struct radio_inbox_boot now;
	int64_t heard_us; /* of this boot */
	int64_t told;     /* of what is done */
	int64_t told_us;
	bool is_behind; /* later ones came */
	int64_t asked, asked_us;
	unsigned n_earlier;
	struct radio_inbox_boot earlier[RADIO_INBOX_BOOTS];
	uint64_t lost;     /* events that the radio had to drop */
	uint64_t restarts; /* of the radio */
	uint64_t count[RADIO_REASON_COUNT];
};

/* One batch, or a run of those that the radio no longer has. */
struct radio_span {
	int64_t boot;        /* of the radio, not 0: another one at each start, in no order */
	int64_t first, last; /* from 1 */
	uint64_t lost;       /* events dropped from it */
};

void radio_inbox_init(struct radio_inbox *inbox);
/* What an earlier run had done. */
void radio_inbox_restore(struct radio_inbox *inbox, int64_t boot, int64_t done);
/* RADIO_REASON_NONE: it is taken, now. Else it is refused, and counted. */
enum radio_reason radio_inbox_offer(
	struct radio_inbox *inbox, const struct radio_span *span, int64_t now_us);
/* The results of all that was taken up to here are on disk. */
void radio_inbox_settle(struct radio_inbox *inbox, int64_t boot, int64_t done);
/* What is to be told to the radio now; false: nothing. */
bool radio_inbox_flow(struct radio_inbox *inbox, int64_t now_us, struct radio_flow *ret);
/* When there is something to be told if nothing comes; T_NEVER. */
int64_t radio_inbox_deadline(const struct radio_inbox *inbox);
