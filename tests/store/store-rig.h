// SPDX-License-Identifier: MIT
#pragma once
/* For the tests of the stores: a directory of the test's own, and an outbox with its persister on a
 * loop of its own: what the sink has, without a broker. Stands in the place of loop.c, whose clocks
 * alone the stores need, so that the wall clock can be set.
 */
#include <stdbool.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "coxad/outbox/outbox.h"
#include "coxad/store/ahead.h"
#include "coxad/store/outbox-persister.h"

struct store_rig {
	sd_event *loop;
	struct store_thread *thread; /* NULL: everything is done at once */
	struct history_persister
		*history; /* NULL: none; then there are no logbook and ahead either */
	struct logbook_persister *logbook;
	struct ahead *ahead;
	struct outbox *outbox;
	struct outbox_persister *persister;
	uint64_t seq;
};

/* Of the current test. */
extern char *store_rig_directory;
/* By how much the wall clock was set. */
extern int64_t store_rig_wall_step_us;
/* By how much host time is ahead. */
extern int64_t store_rig_now_step_us;
/* The next rig has a store thread. */
extern bool store_rig_is_threaded;
/* The next rig has history and logbook too, as coxad does. */
extern bool store_rig_has_books;
/* ahead_options.begins and stored of the next rig; NULL: none. */
extern void (*store_rig_begins)(void *user);
extern void (*store_rig_stored)(void *user);
/* How often an entry of the history came late. */
extern unsigned store_rig_n_late;
extern bool store_rig_is_synchronised;
/* Which start of the machine this is. */
extern int64_t store_rig_boot;

int store_rig_set_up(void **state);
int store_rig_tear_down(void **state);
/* Opens what is in the directory. */
void store_rig_begin(struct store_rig *rig);
void store_rig_end(struct store_rig *rig);
/* Waits for the store thread, if there is one. */
void store_rig_wait(const struct store_rig *rig);
/* What of the logbook is to be had about this athlete: all texts, one after the other. Returns-owned. */
char *store_rig_entries(struct store_rig *rig, const char *athlete);
/* One event of 600 bytes. */
void store_rig_push(struct store_rig *rig, const char *athlete);
void store_rig_deliver(struct store_rig *rig, unsigned n);
uint64_t store_rig_not_on_disk(const struct store_rig *rig);
/* Files of the directory. */
void store_rig_write_at(const char *name, off_t offset, const char *bytes, size_t size);
bool store_rig_exists(const char *name);
/* Returns-owned. */
char *store_rig_path(const char *name);
/* Of outbox.db, while nothing else has it open. */
void store_rig_sql(const char *sql);
int64_t store_rig_number(const char *sql);
