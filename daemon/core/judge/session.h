// SPDX-License-Identifier: MIT
#pragma once
/* Sessions, their repetitions and their summaries. */
#include "daemon/core/judge/judge-private.h"

/* Ends it as of now; it is closed once its last sounds are judged. */
void session_end(struct judge *judge, int64_t now_us, unsigned kit);
/* Closes ended sessions that have nothing left to wait for. */
void session_close_ended(struct judge *judge, int64_t now_us);
int session_open(struct judge *judge, int64_t now_us, unsigned kit, const char *athlete,
	enum exercise exercise);
/* keep: publishes its summary only; the session resumes after a restart. */
void session_close(struct judge *judge, int64_t now_us, unsigned kit, bool keep);
void session_publish(struct judge *judge, int64_t now_us, unsigned kit);
void session_summary(struct judge *judge, struct athlete *athlete, int64_t now_us, bool is_final);
void session_rep(struct judge *judge, int64_t now_us, unsigned kit, const struct posture_rep *rep);
/* Publishes the repetitions whose pops are judged. all: every waiting one. */
void session_flush_reps(struct judge *judge, struct athlete *athlete, int64_t now_us, bool all);
