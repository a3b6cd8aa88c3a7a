// SPDX-License-Identifier: MIT
#pragma once
/* Finds pops in streamed sound, with one acoustic detector for each wearable that streams, and
 * compares each pop with what the room microphones picked up at that instant. A detector is
 * allocated when the first sound of its wearable comes; nothing is later. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/trace.h"
#include "coxad/config/conf.h"
#include "coxad/core/record.h"

struct stream_detector;

struct stream_detector_ops {
	/* A pop in this wearable's stream. */
	void (*found)(void *user, const struct record *pop);
	/* A room microphone's level at the instant of a pop. */
	void (*air_level)(void *user, unsigned wearable, int64_t t_us, double level_dbfs);
	/* Once for each pop, found or given: contact_air_db is now against the room, or as it came
	 * where no room microphone streams. */
	void (*compared)(void *user, const struct record *pop);
};

/* conf is borrowed for life. */
struct stream_detector *stream_detector_new(
	const struct conf *conf, const struct stream_detector_ops *ops, void *user);
struct stream_detector *stream_detector_free(struct stream_detector *stream_detector);
/* Borrowed for life; NULL: off. */
void stream_detector_set_tracer(
	struct stream_detector *stream_detector, const struct tracer *tracer);
/* The wearable was removed, or moved: its sound until now is no longer heard. */
void stream_detector_forget(struct stream_detector *stream_detector, unsigned wearable);
/* RECORD_AUDIO. finds_pops false: the wearable reports its own pops; its stream gives levels. */
void stream_detector_audio(
	struct stream_detector *stream_detector, const struct record *record, bool finds_pops);
/* RECORD_POP of a worn wearable. */
void stream_detector_pop(struct stream_detector *stream_detector, const struct record *record);
