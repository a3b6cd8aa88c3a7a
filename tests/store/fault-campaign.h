// SPDX-License-Identifier: MIT
#pragma once
/* A workload on a disk with faults, as SQLite tests itself: each kind of fault at every single call of
 * the disk, the power cut at every call, and bits flipped all over a file, each followed by an ordinary
 * start. Keeps the journal silent: it would be thousands of lines about the disk. One in a program.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/store/fault-vfs.h"

struct fault_campaign {
	void (*begin)(void); /* forgets what earlier workloads did */
	void (*work)(const struct fault_plan *plan);
	void (*check)(bool is_honest); /* of an ordinary start; not honest: the disk has lied */
	void (*report)(const char *what);
	const char *file; /* in which bits are flipped, one in so many bytes */
	unsigned flip_every;
};

/* Tests that each store has, and n more of its own, each with a new directory of store-rig.h. The exit
 * status of the program, whose argument chooses some. */
int fault_campaign_main(const struct fault_campaign *campaign, const struct CMUnitTest *more,
	size_t n, int argc, char **argv);
/* Goes on, to show which calls are concerned. */
void fault_campaign_demand(bool is_so, const char *what);
/* One workload in a fresh directory. Returns how many calls of the disk it took. */
unsigned fault_campaign_work(const struct fault_plan *plan);
/* Reports, and fails if a demand was not met. */
void fault_campaign_report(const char *what);
