// SPDX-License-Identifier: MIT
#pragma once
/* What coxad tells while somebody watches: messages, on a loop of its own, until the caller ends it, a
 * signal comes, or coxad is gone. The watch is renewed while it runs. Prints why it could not go on.
 */
#include <jansson.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "ctl/ctl.h"

struct feed;

struct feed_ops {
	/* First what is retained, then each message; payload is NULL where a topic is removed, and
	 * borrowed. */
	void (*message)(void *user, const char *topic, const json_t *payload);
	/* About five times a second. NULL: not wanted. */
	void (*tick)(void *user);
	/* A line was entered, or standard input ended (NULL). NULL: standard input is left alone. */
	void (*line)(void *user, const char *line);
};

/* kit "": all. An exit status; *ret only for CTL_OK. */
int feed_new(struct ctl *ctl, const char *kit, const struct feed_ops *ops, void *user,
	struct feed **ret);
struct feed *feed_free(struct feed *feed);
/* Has told everything that coxad sent until now. */
void feed_catch_up(struct feed *feed);
/* Runs until feed_stop, or for timeout_us (UINT64_MAX: for ever). The status given to feed_stop, or
 * CTL_UNAVAILABLE if coxad is gone. Ctrl-C is CTL_OK. May be run again. */
int feed_run(struct feed *feed, uint64_t timeout_us);
void feed_stop(struct feed *feed, int status);
/* Ctrl-C, or coxad is gone: there is nothing more to run for. */
bool feed_is_over(const struct feed *feed);
