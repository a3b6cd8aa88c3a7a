// SPDX-License-Identifier: MIT
#pragma once
/* Finds pops in one wearable's streamed sound and measures them, as decision-model.md 7.2 says:
 * band-pass, squared envelope on a 0.5 ms hop, floor and spread from a running median over 2 s,
 * onset, one event for pulses that belong together, features on 60 ms. Any rate from 4 to 48 kHz.
 * What made the sound is decided by pop-origin. Pure; all memory is allocated at new; costs a few
 * dozen operations per sample and a few FFTs per event.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/record.h"

#define ACOUSTIC_RATE_MIN_HZ 4000
#define ACOUSTIC_RATE_MAX_HZ 48000

struct acoustic_detector;

struct acoustic_event {
	int64_t onset_us;
	struct pop_features features; /* contact_air_db and knock_g are NAN: not known here */
};

/* Borrowed during the call; comes half a second after the onset, once the sound after it is known.
 */
typedef void (*acoustic_event_fn)(const struct acoustic_event *event, void *user);

/* NULL if the rate is out of range. analysis is only read here. */
struct acoustic_detector *acoustic_detector_new(
	const struct analysis_conf *analysis, double rate_hz);
struct acoustic_detector *acoustic_detector_free(struct acoustic_detector *detector);

/* A packet of samples, the first at t_us, the next each interval_us later on the host's clock. */
struct acoustic_block {
	int64_t t_us;
	double interval_us;
	size_t lost_samples; /* known to be missing before it */
	const int16_t *samples;
	size_t n;
};

/* Samples that are missing, by lost_samples or by a time more than 5 ms ahead, are a hole: no event
 * begins with it, an event under way goes on. Samples before the time reached were received already
 * and are passed over. */
void acoustic_detector_push(struct acoustic_detector *detector, const struct acoustic_block *block,
	acoustic_event_fn emit, void *user);
/* End of the stream: an event in progress is emitted as far as it was received. */
void acoustic_detector_finish(
	struct acoustic_detector *detector, acoustic_event_fn emit, void *user);

/* Maximum envelope within [from, to], dB below full scale; NAN if that is no longer in memory (the
 * last second) or not received yet. For comparing contact and room microphones. */
double acoustic_detector_peak_dbfs(
	const struct acoustic_detector *detector, int64_t from_us, int64_t to_us);
/* All sound up to here has been processed; INT64_MIN before the first sample. */
int64_t acoustic_detector_watermark(const struct acoustic_detector *detector);
