// SPDX-License-Identifier: MIT
#include "daemon/flow/stream-detector.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/pop/acoustic-detector.h"

/* Air and contact level are compared within this (decision-model.md 7.2). */
#define AIR_WINDOW_US (10 * US_PER_MS)
/* A room microphone that has been quiet this long is not waited for. */
#define ROOM_FRESH_US (2 * US_PER_S)
#define WAITING_MAX   32

/* The sound of one wearable. */
struct sound {
	struct stream_detector *owner;
	unsigned wearable;
	struct acoustic_detector *detector; /* NULL: no sound yet, or its rate is out of range */
	double rate_hz;
	bool finds_pops;
	int64_t unc_us, arrival_us; /* of the block in work */
};

struct stream_detector {
	const struct conf *conf;
	const struct tracer *tracer;
	const struct stream_detector_ops *ops;
	void *user;
	struct sound sound[CONF_WEARABLES_MAX];
	unsigned n_waiting;
	struct record waiting[WAITING_MAX]; /* pops without their air level yet, oldest first */
};

struct stream_detector *stream_detector_new(
	const struct conf *conf, const struct stream_detector_ops *ops, void *user)
{
	struct stream_detector *sd = new0(struct stream_detector);

	sd->conf = conf;
	sd->ops = ops;
	sd->user = user;
	for (unsigned i = 0; i < CONF_WEARABLES_MAX; i++)
		sd->sound[i] = (struct sound){.owner = sd, .wearable = i};
	return sd;
}

struct stream_detector *stream_detector_free(struct stream_detector *sd)
{
	if (!sd)
		return NULL;
	for (unsigned i = 0; i < CONF_WEARABLES_MAX; i++)
		acoustic_detector_free(sd->sound[i].detector);
	free(sd);
	return NULL;
}

void stream_detector_set_tracer(struct stream_detector *sd, const struct tracer *tracer)
{
	sd->tracer = tracer;
}

void stream_detector_forget(struct stream_detector *sd, unsigned wearable)
{
	unsigned kept = 0;

	acoustic_detector_free(sd->sound[wearable].detector);
	sd->sound[wearable] = (struct sound){.owner = sd, .wearable = wearable};
	for (unsigned i = 0; i < sd->n_waiting; i++)
		if (sd->waiting[i].wearable != wearable)
			sd->waiting[kept++] = sd->waiting[i];
	sd->n_waiting = kept;
}

static bool is_room(const struct stream_detector *sd, unsigned wearable)
{
	return sd->conf->wearable[wearable].placement == PLACEMENT_ROOM;
}

/* True while a room microphone may still deliver the sound of that instant. */
static bool is_room_awaited(const struct stream_detector *sd, int64_t t_us)
{
	for (unsigned i = 0; i < sd->conf->n_wearables; i++) {
		const struct acoustic_detector *d = sd->sound[i].detector;

		if (d && is_room(sd, i) && acoustic_detector_watermark(d) > t_us - ROOM_FRESH_US)
			return true;
	}
	return false;
}

static void compare(struct stream_detector *sd, struct record *pop)
{
	double loudest = NAN;

	for (unsigned i = 0; i < sd->conf->n_wearables; i++) {
		const struct acoustic_detector *d = sd->sound[i].detector;
		double level;

		if (!d || !is_room(sd, i))
			continue;
		level = acoustic_detector_peak_dbfs(
			d, pop->t_us - AIR_WINDOW_US, pop->t_us + AIR_WINDOW_US);
		if (isnan(level))
			continue;
		sd->ops->air_level(sd->user, i, pop->t_us, level);
		if (!(level <= loudest))
			loudest = level;
	}
	if (!isnan(loudest))
		pop->pop.features.contact_air_db = (float)(pop->pop.features.peak_dbfs - loudest);
	sd->ops->compared(sd->user, pop);
}

static void settle(struct stream_detector *sd, int64_t watermark_us)
{
	unsigned kept = 0, n = sd->n_waiting;

	for (unsigned i = 0; i < n; i++) {
		struct record pop = sd->waiting[i];

		if (pop.t_us + AIR_WINDOW_US <= watermark_us || !is_room_awaited(sd, pop.t_us))
			compare(sd, &pop);
		else
			sd->waiting[kept++] = pop;
	}
	sd->n_waiting = kept;
}

void stream_detector_pop(struct stream_detector *sd, const struct record *record)
{
	if (!is_room_awaited(sd, record->t_us)) {
		sd->ops->compared(sd->user, record);
		return;
	}
	if (sd->n_waiting == WAITING_MAX) {
		struct record oldest = sd->waiting[0];

		for (unsigned i = 1; i < WAITING_MAX; i++)
			sd->waiting[i - 1] = sd->waiting[i];
		sd->n_waiting--;
		sd->ops->compared(sd->user, &oldest);
	}
	sd->waiting[sd->n_waiting++] = *record;
}

static void trace_event(const struct sound *sound, const struct acoustic_event *event)
{
	const struct stream_detector *sd = sound->owner;
	const struct trace trace = {sd->tracer, sd->conf->wearable[sound->wearable].name};
	const struct pop_features *f = &event->features;

	TRACE(&trace, SOUND, sound->arrival_us,
		"event at %.6f: %.1f dBFS over %.1f, rise %.2f ms, %.1f ms above -10 dB, centroid "
		"%.0f Hz, kurtosis %.1f, %u pulses%s",
		(double)event->onset_us / US_PER_S, (double)f->peak_dbfs,
		(double)f->background_dbfs, (double)f->rise_ms, (double)f->t10_ms,
		(double)f->centroid_hz, (double)f->kurtosis, f->sub_pulses,
		sound->finds_pops ? "" : " (level only: it reports its own pops)");
}

static void on_event(const struct acoustic_event *event, void *user)
{
	struct sound *sound = user;
	struct stream_detector *sd = sound->owner;
	struct record pop = {
		.kind = RECORD_POP,
		.wearable = sound->wearable,
		.t_us = event->onset_us,
		.t_unc_us = sound->unc_us,
		.arrival_us = sound->arrival_us,
		.pop = {.features = event->features},
	};

	trace_event(sound, event);
	if (!sound->finds_pops)
		return;
	sd->ops->found(sd->user, &pop);
	if (!is_room(sd, sound->wearable))
		stream_detector_pop(sd, &pop);
}

static bool use_rate(struct sound *sound, double rate_hz)
{
	if (rate_hz != sound->rate_hz) {
		acoustic_detector_free(sound->detector);
		sound->rate_hz = rate_hz;
		sound->detector = acoustic_detector_new(&sound->owner->conf->analysis, rate_hz);
	}
	return sound->detector;
}

void stream_detector_audio(struct stream_detector *sd, const struct record *record, bool finds_pops)
{
	struct sound *sound = &sd->sound[record->wearable];
	const struct audio_block *audio = &record->audio;
	double interval_us = record->interval_host_us;

	if (!(audio->rate_hz > 0) || !use_rate(sound, audio->rate_hz))
		return;
	if (!(interval_us > 0))
		interval_us = US_PER_S / audio->rate_hz;
	sound->finds_pops = finds_pops;
	sound->unc_us = record->t_unc_us;
	sound->arrival_us = record->arrival_us;
	acoustic_detector_push(sound->detector,
		&(struct acoustic_block){
			record->t_us, interval_us, audio->lost_samples, audio->samples, audio->n},
		on_event, sound);
	if (is_room(sd, record->wearable))
		settle(sd, acoustic_detector_watermark(sound->detector));
}
