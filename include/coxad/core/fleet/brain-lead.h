// SPDX-License-Identifier: MIT
#pragma once
/* Which brain leads a site. Each one looks for others whenever it gets a connection, and waits while
 * there is one. If two begin within the same second, both learn of it, and one of them gives way. Pure
 * values.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/result.h"

#define BRAIN_LEAD_OTHERS_MAX 8
#define BRAIN_LEAD_LOOK_US    INT64_C(1000000)
#define BRAIN_LEAD_TELL_US    INT64_C(5000000) /* who leads says so again */
/* A broker that was killed may retain what a dead brain said, for ever. */
#define BRAIN_LEAD_SILENT_US INT64_C(16000000)
#define BRAIN_LEAD_EPOCH_MAX (INT64_C(1) << 53)

struct brain_lead {
	char name[NAME_SIZE];
	bool is_up, is_leading;
	int64_t look_until_us; /* T_NEVER: it is not looking */
	/* Of its own lead, greater than all before; the same until another brain has led. 0: none. */
	int64_t epoch;
	int64_t greatest;  /* that it knows of */
	unsigned n_others; /* that lead */
	struct brain_lead_other {
		char name[NAME_SIZE];
		int64_t heard_us;
	} other[BRAIN_LEAD_OTHERS_MAX];
};

/* epoch: the greatest that an earlier run knew of; 0: none. */
void brain_lead_init(struct brain_lead *lead, const char *name, int64_t epoch);
/* There is a connection to the broker, and what it retains is about to come; or there is none. */
void brain_lead_up(struct brain_lead *lead, int64_t now_us);
void brain_lead_down(struct brain_lead *lead);
/* What a brain of that name says of itself, perhaps an earlier run of this one. */
void brain_lead_note(
	struct brain_lead *lead, int64_t now_us, const char *name, bool is_leading, int64_t epoch);
/* T_NEVER: nothing changes by itself. */
int64_t brain_lead_deadline(const struct brain_lead *lead);
void brain_lead_advance(struct brain_lead *lead, int64_t now_us);
/* Who leads instead; NULL: nobody that is known. */
const char *brain_lead_other(const struct brain_lead *lead);
