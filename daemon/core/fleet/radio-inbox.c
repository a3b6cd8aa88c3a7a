// SPDX-License-Identifier: MIT
/*  next = 5      6 comes: a gap      5 6 7 are sent again       8 comes
 *  ----------->  6 refused,  ----->  5 taken, 6, 7  --------->  taken
 *                "from 5"
 */
#include "coxad/core/fleet/radio-inbox.h"

#include <string.h>

#include "coxad/base/list.h"
#include "coxad/base/units.h"

#define AGAIN_US US_PER_S                /* the question, or all that answered it, may be lost */
#define GONE_US  (3 * (int64_t)US_PER_S) /* a radio is gone, as for its assignment */
#define TELL_US  (US_PER_S / 4)          /* each of them wakes the radio up */

void radio_inbox_init(struct radio_inbox *inbox)
{
	memset(inbox, 0, sizeof(*inbox));
}

static void begin(struct radio_inbox *inbox, struct radio_inbox_boot boot)
{
	inbox->now = boot;
	inbox->told = inbox->asked = 0;
	inbox->is_behind = false;
}

void radio_inbox_restore(struct radio_inbox *inbox, int64_t boot, int64_t done)
{
	begin(inbox, (struct radio_inbox_boot){boot, done + 1, done});
}

/* Which of the earlier ones it is; n_earlier: none. */
static unsigned find_earlier(const struct radio_inbox *inbox, int64_t boot)
{
	unsigned i = 0;

	while (i < inbox->n_earlier && inbox->earlier[i].boot != boot)
		i++;
	return i;
}

/* A boot that is new is the newest: radios without a clock of the day cannot number theirs. If it was
 * not, as its batches were overtaken, nothing more of it will come. False: it is an earlier one. */
static bool follow_boot(struct radio_inbox *inbox, int64_t boot, int64_t now_us)
{
	unsigned i = find_earlier(inbox, boot);
	struct radio_inbox_boot next = {.boot = boot, .next = 1};

	if (i < inbox->n_earlier) {
		if (now_us - inbox->heard_us < GONE_US)
			return false;
		next = inbox->earlier[i];
		list_drop(inbox->earlier, inbox->n_earlier, i);
	}
	if (inbox->now.boot) {
		*list_add(inbox->earlier, inbox->n_earlier, RADIO_INBOX_BOOTS) = inbox->now;
		inbox->restarts++;
	}
	begin(inbox, next);
	return true;
}

static enum radio_reason offer(
	struct radio_inbox *inbox, const struct radio_span *span, int64_t now_us)
{
	if (span->boot != inbox->now.boot && !follow_boot(inbox, span->boot, now_us))
		return RADIO_REASON_BOOT;
	inbox->heard_us = now_us;
	if (span->last < inbox->now.next) {
		/* It was not told, or the message got lost. */
		inbox->told = 0;
		return RADIO_REASON_DUPLICATE;
	}
	/* What of a loss is of batches that we have, only the radio can say. */
	inbox->is_behind =
		span->first > inbox->now.next || (span->first < inbox->now.next && span->lost);
	if (inbox->is_behind)
		return RADIO_REASON_GAP;
	inbox->now.next = span->last + 1;
	inbox->lost += span->lost;
	return RADIO_REASON_NONE;
}

enum radio_reason radio_inbox_offer(
	struct radio_inbox *inbox, const struct radio_span *span, int64_t now_us)
{
	enum radio_reason reason = offer(inbox, span, now_us);

	inbox->count[reason]++;
	return reason;
}

void radio_inbox_settle(struct radio_inbox *inbox, int64_t boot, int64_t done)
{
	if (boot == inbox->now.boot && done > inbox->now.done && done < inbox->now.next)
		inbox->now.done = done;
}

bool radio_inbox_flow(struct radio_inbox *inbox, int64_t now_us, struct radio_flow *ret)
{
	if (inbox->is_behind &&
		(inbox->asked != inbox->now.next || now_us - inbox->asked_us >= AGAIN_US)) {
		inbox->asked = inbox->now.next;
		inbox->asked_us = now_us;
		*ret = (struct radio_flow){.boot = inbox->now.boot, .from = inbox->now.next};
		return true;
	}
	if (inbox->now.done > inbox->told && now_us - inbox->told_us >= TELL_US) {
		inbox->told = inbox->now.done;
		inbox->told_us = now_us;
		*ret = (struct radio_flow){.boot = inbox->now.boot, .done = inbox->now.done};
		return true;
	}
	return false;
}

int64_t radio_inbox_deadline(const struct radio_inbox *inbox)
{
	int64_t next_us = T_NEVER;

	if (inbox->now.done > inbox->told)
		next_us = inbox->told_us + TELL_US;
	if (inbox->is_behind && inbox->asked != inbox->now.next)
		return inbox->asked_us;
	if (inbox->is_behind && inbox->asked_us + AGAIN_US < next_us)
		next_us = inbox->asked_us + AGAIN_US;
	return next_us;
}
