// SPDX-License-Identifier: MIT
#pragma once
/* Where the brain takes in what its radios send: each batch once and in order, each event dated on the
 * brain's clock, and whatever else is refused and counted. Asks for what is missing and for the radios'
 * clocks, and says what is done. Pure: everything leaves through ops, time is a parameter.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/fleet/fleet-assign.h"
#include "coxad/core/fleet/radio-reason.h"
#include "coxad/wire/capture.h"

struct radio_hub;

struct radio_hub_ops {
	/* To be recorded, then taken by the gateway: t_us is now. Borrowed during the call. */
	void (*event)(void *user, const struct capture_event *event);
	/* Whether the radio is to serve the wearable. */
	bool (*serves)(void *user, const char *radio, const char *address);
	/* Whether it is one of the site's radios, so that others have no place at its cost. NULL: it
	 * is not known of any. */
	bool (*knows)(void *user, const char *radio);
	/* Whether of what was taken from it something has no results yet. NULL: nothing waits. */
	bool (*waits)(void *user, const char *radio);
	/* Messages to a radio, borrowed during the call. */
	void (*flow)(void *user, const char *radio, const char *text, size_t size);
	void (*clock)(void *user, const char *radio, const char *text, size_t size);
};

struct radio_hub_status {
	const char *name; /* borrowed until the next call */
	int64_t boot;     /* 0: nothing was taken yet */
	int64_t taken;    /* batches of that boot */
	int64_t marked;   /* of them, those in the commit that began last */
	int64_t done;     /* of them, those that are settled */
	int64_t heard_us;
	int64_t unc_us;   /* of its clock; -1: unknown */
	uint64_t events;  /* taken */
	uint64_t lost;    /* that it had to drop */
	uint64_t undated; /* batches that came before its clock was known, to be sent again */
	uint64_t restarts, clock_steps, clock_refused;
	const uint64_t *count; /* by enum radio_reason */
};

struct radio_hub *radio_hub_new(const struct radio_hub_ops *ops, void *user);
struct radio_hub *radio_hub_free(struct radio_hub *hub);
/* Where an earlier run was, before the first batch: what radio_hub_status says was done. */
void radio_hub_restore(struct radio_hub *hub, const char *radio, int64_t boot, int64_t done);
/* What came on a radio's topics, whose name is valid (conf_name_is_valid). */
void radio_hub_batch(
	struct radio_hub *hub, const char *radio, const char *text, size_t size, int64_t now_us);
/* t4_us: when it came in. */
void radio_hub_clock(
	struct radio_hub *hub, const char *radio, const char *text, size_t size, int64_t t4_us);
/* A commit begins that has all results up to now, but of a radio of which something waits; and it is on
 * disk. One at a time. */
void radio_hub_mark(struct radio_hub *hub);
void radio_hub_settle(struct radio_hub *hub);
int64_t radio_hub_deadline(const struct radio_hub *hub);
void radio_hub_advance(struct radio_hub *hub, int64_t now_us);
/* Messages of radios beyond FLEET_RADIOS_MAX. A radio loses its place to another after an hour; at once to one
 * that is known, if itself it is not. */
uint64_t radio_hub_refused(const struct radio_hub *hub);
/* False: there are fewer radios. */
bool radio_hub_status(const struct radio_hub *hub, unsigned index, struct radio_hub_status *ret);
