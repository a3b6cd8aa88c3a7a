// SPDX-License-Identifier: MIT
#pragma once
/* A disk with faults for SQLite: a VFS over the real one that counts every call and does at one of
 * them what a bad disk does. For each file it knows what was synced and what was only written since,
 * so that a power cut leaves what was synced and any part of the rest, in any order: each write
 * whole, torn or not at all. Once installed it is the VFS of every database in the process. Renames
 * by others are followed by inode; their unsynced directory entries are taken to survive.
 */
#include <stdbool.h>
#include <stdint.h>

enum fault {
	FAULT_NONE,
	FAULT_EIO,
	FAULT_FULL,      /* ENOSPC, for writes */
	FAULT_SHORT,     /* half of the write is done, then ENOSPC */
	FAULT_READ_ONLY, /* as after errors=remount-ro */
	FAULT_LOST,      /* a write or sync that is acknowledged and not done */
	FAULT_STALL,     /* the call waits for fault_plan.stall */
	FAULT_POWER,     /* everything fails from here on, until fault_vfs_power_on */
	FAULT_COUNT
};

struct fault_plan {
	enum fault fault;
	unsigned at;     /* the first call is 1 */
	bool is_lasting; /* all calls from there on, until fault_vfs_heal */
	uint64_t seed;   /* decides what a power cut leaves */
	void (*stall)(void *user);
	void *user;
};

const char *fault_vfs_name(enum fault fault);

void fault_vfs_install(void);
/* Begins to count; what is in the files is taken to be synced. */
void fault_vfs_begin(const struct fault_plan *plan);
/* From the next call on, whatever the plan. */
void fault_vfs_fail(enum fault fault);
/* The disk is well again. */
void fault_vfs_heal(void);
/* Since fault_vfs_begin. */
unsigned fault_vfs_calls(void);
/* The call of the fault has come. */
bool fault_vfs_has_struck(void);
/* The power goes now, whatever the plan. */
void fault_vfs_cut(void);
/* Puts into the files what the cut left. All databases must be closed. */
void fault_vfs_power_on(void);
