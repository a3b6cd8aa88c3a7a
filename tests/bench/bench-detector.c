// SPDX-License-Identifier: MIT
/* bench-detector [-q] FILE...: each event that the acoustic detector finds in a mono sound file, one
 * line: onset in seconds, the features, the origin code (POP where it could be one). Then what a
 * second of sound costs. Sounds of several channels are listened to on the first. With -q faint noise
 * comes before and after each file, so that a sound that begins at once has a background.
 */
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "coxad/core/pop/acoustic-detector.h"
#include "daemon/core/pop/pop-origin.h"

#define BLOCK 256
/* With -q. */
#define QUIET_BEFORE_S 3.0
#define QUIET_AFTER_S  1.5
#define QUIET_LEAST    32 /* of 32768: -60 dBFS */

struct listener {
	const struct analysis_conf *analysis;
	struct acoustic_detector *detector;
	double interval_us;
	int64_t at, file_us; /* samples so far; where the file begins */
	unsigned events, pops;
};

static void on_event(const struct acoustic_event *event, void *user)
{
	struct listener *l = user;
	const struct pop_features *f = &event->features;
	/* A sound file alone: no room microphone, no shock, no posture. */
	struct origin_facts facts = {
		.features = f,
		.contact_air_db = NAN,
		.own_shock_g = NAN,
		.foot_shock_g = NAN,
		.elevation_low_deg = NAN,
	};
	int origin = pop_origin(l->analysis, &facts);

	l->events++;
	l->pops += origin == ORIGIN_POP;
	printf("%.4f peak_dbfs=%.1f snr_db=%.1f rise_ms=%.1f t10_ms=%.1f centroid_hz=%.0f "
	       "kurtosis=%.1f hf=%.2f lf=%.2f sub_pulses=%u flatness=%.2f clipped=%d crowded=%d "
	       "peak_hz=%.0f pulse_kurtosis=%.1f span_ms=%.1f sag_db=%.1f harmonicity=%.2f lead_db=%.1f bend_db=%.1f "
	       "before_db=%.1f after_db=%.1f %s\n",
		(double)(event->onset_us - l->file_us) / 1e6, f->peak_dbfs,
		f->peak_dbfs - f->background_dbfs, f->rise_ms, f->t10_ms, f->centroid_hz,
		f->kurtosis, f->hf_ratio, f->lf_ratio, f->sub_pulses, f->flatness, f->clipped,
		f->crowded, f->shape.peak_hz, f->shape.pulse_kurtosis, f->shape.span_ms,
		f->shape.sag_db, f->shape.harmonicity, f->shape.lead_db, f->shape.bend_db,
		f->shape.before_db, f->shape.after_db,
		origin == ORIGIN_POP ? "POP" : code_to_string((enum code)origin));
}

static double cpu_s(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void hear(struct listener *l, const int16_t *mono, size_t n)
{
	acoustic_detector_push(l->detector,
		&(struct acoustic_block){
			(int64_t)((double)l->at * l->interval_us), l->interval_us, 0, mono, n},
		on_event, l);
	l->at += (int64_t)n;
}

static void hear_quiet(struct listener *l, double seconds)
{
	int64_t end = l->at + (int64_t)(seconds * 1e6 / l->interval_us);
	int16_t mono[BLOCK];
	uint32_t random = 1;

	while (l->at < end) {
		for (unsigned i = 0; i < BLOCK; i++) {
			random = random * 1664525 + 1013904223;
			mono[i] = (int16_t)((int)(random >> 16) % (2 * QUIET_LEAST) - QUIET_LEAST);
		}
		hear(l, mono, BLOCK);
	}
}

static int listen_to(const char *path, const struct analysis_conf *analysis, bool is_quiet_around)
{
	SF_INFO info = {0};
	SNDFILE *file = sf_open(path, SFM_READ, &info);
	struct listener l = {.analysis = analysis};
	_auto_free_ int16_t *frames = NULL;
	int16_t mono[BLOCK];
	double began = cpu_s();
	sf_count_t n;

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, sf_strerror(NULL));
		return -1;
	}
	l.detector = acoustic_detector_new(analysis, info.samplerate);
	if (!l.detector) {
		fprintf(stderr, "%s: a rate of %d Hz is out of range\n", path, info.samplerate);
		sf_close(file);
		return -1;
	}
	/* Loud floats are clipped, not wrapped. */
	sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
	printf("# %s: %d Hz, %.1f s\n", path, info.samplerate,
		(double)info.frames / info.samplerate);
	frames = alloc_zero((size_t)(BLOCK * info.channels), sizeof(*frames));
	l.interval_us = 1e6 / info.samplerate;
	if (is_quiet_around)
		hear_quiet(&l, QUIET_BEFORE_S);
	l.file_us = (int64_t)((double)l.at * l.interval_us);
	while ((n = sf_readf_short(file, frames, BLOCK)) > 0) {
		for (sf_count_t i = 0; i < n; i++)
			mono[i] = frames[i * info.channels];
		hear(&l, mono, (size_t)n);
	}
	if (is_quiet_around)
		hear_quiet(&l, QUIET_AFTER_S);
	acoustic_detector_finish(l.detector, on_event, &l);
	printf("# %u events, %u could be pops; %.2f ms of CPU a second of sound\n", l.events,
		l.pops, 1000 * (cpu_s() - began) * info.samplerate / (double)(l.at ? l.at : 1));
	acoustic_detector_free(l.detector);
	sf_close(file);
	return 0;
}

int main(int argc, char **argv)
{
	struct analysis_conf analysis;
	bool is_quiet_around = argc > 1 && !strcmp(argv[1], "-q");
	int first = 1 + is_quiet_around, status = EXIT_SUCCESS;

	analysis_conf_default(&analysis);
	for (int i = first; i < argc; i++)
		if (listen_to(argv[i], &analysis, is_quiet_around) < 0)
			status = EXIT_FAILURE;
	if (argc <= first)
		fprintf(stderr, "usage: bench-detector [-q] FILE.wav...\n");
	return status;
}
