// SPDX-License-Identifier: MIT
#pragma once
/* A workload on a disk with faults, as SQLite tests itself: each kind of fault at every single call of
 * the disk, the power cut at every call, and bits flipped all over a file, each followed by an ordinary
 * start. Keeps the journal silent: it would be thousands of lines about the disk. One in a program.
 */
#include <stdbool.h>

#include "tests/store/fault-vfs.h"

struct fault_campaign {
	void (*begin)(void); /* forgets what earlier workloads did */
	void (*work)(const struct fault_plan *plan);
	void (*check)(bool is_honest); /* of an ordinary start; not honest: the disk has lied */
	void (*report)(const char *what);
};

void fault_campaign_use(const struct fault_campaign *campaign);
/* Goes on, to show which calls are concerned. */
void fault_campaign_demand(bool is_so, const char *what);
/* One workload in a fresh directory. Returns how many calls of the disk it took. */
unsigned fault_campaign_work(const struct fault_plan *plan);
/* Reports, and fails if a demand was not met. */
void fault_campaign_report(const char *what);

/* Each kind of error, once and from then on. */
void fault_campaign_errors(void);
void fault_campaign_power_cuts(void);
/* No software can make up for a disk that says it has written and has not: what is left is whole. */
void fault_campaign_lost_writes(void);
/* Every so many bytes, in each row and in what holds the rows together. */
void fault_campaign_flips(const char *name, unsigned every);
