// SPDX-License-Identifier: MIT
#pragma once
/* Streamed sound on its way to the judge: one acoustic detector for each wearable that streams,
 * and the level that the room microphones heard at the instant of each pop. Memory for a detector
 * is taken when its wearable's first sound comes; nothing later. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/config/conf.h"
#include "coxad/core/record.h"

struct stream_detector;

struct stream_detector_ops {
	/* The detector found one in this wearable's stream. */
	void (*heard)(void *user, const struct record *pop);
	/* The room's level at an instant that stream_detector_pop asked for. */
	void (*air_level)(void *user, unsigned room, int64_t t_us, double level_dbfs);
	/* The same pop again, its contact_air_db now against the room; or as it came where no room
	 * microphone streams. Once for each pop given or heard. */
	void (*compared)(void *user, const struct record *pop);
};

/* conf is borrowed for life. */
struct stream_detector *stream_detector_new(
	const struct conf *conf, const struct stream_detector_ops *ops, void *user);
struct stream_detector *stream_detector_free(struct stream_detector *stream_detector);
/* RECORD_AUDIO. finds_pops false: the wearable reports its pops itself, its stream gives levels. */
void stream_detector_audio(
	struct stream_detector *stream_detector, const struct record *record, bool finds_pops);
/* RECORD_POP of a worn wearable. */
void stream_detector_pop(struct stream_detector *stream_detector, const struct record *record);
