// SPDX-License-Identifier: MIT
#pragma once
/* Alerts. Each athlete has at most one open alert per cause; further events extend it, so that a
 * bad minute is one line on the trainer's screen rather than thirty. Only clear-symptoms closes
 * one.
 */
#include "daemon/core/judge/judge-private.h"

enum alert_cause {
	ALERT_CAUSE_RED,   /* a red flag, or a symptom that makes one */
	ALERT_CAUSE_OTHER, /* a symptom elsewhere */
	ALERT_CAUSE_CALL   /* the athlete calls */
};
struct alert_update {
	enum alert_cause cause;
	enum pop_class class;
	unsigned severity;
	uint64_t reasons;
	double time_uncertainty_ms;
	unsigned kit;
	bool is_again;             /* publish even without a new id */
	const char *pop, *symptom; /* ids, NULL: none */
};
/* Raises an alert, or extends the open one of the same cause. */
void alert_join(struct judge *judge, struct athlete *athlete, int64_t now_us,
	const struct alert_update *update);
bool alert_is_open(const struct athlete *athlete, enum alert_cause cause);
int alert_acknowledge(struct judge *judge, int64_t now_us, const char *alert, const char *by);
void alert_clear_all(struct judge *judge, struct athlete *athlete, int64_t now_us, const char *by);
/* Publishes alerts that changed since the last call. */
void alert_flush(struct judge *judge, struct athlete *athlete, int64_t now_us);
void alert_publish_list(struct judge *judge, struct athlete *athlete, int64_t now_us);
