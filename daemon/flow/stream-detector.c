// SPDX-License-Identifier: MIT
#include "daemon/flow/stream-detector.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/pop/acoustic-detector.h"

/* Air and contact level are compared within this (decision-model.md 7.2). */
#define AIR_WINDOW_US (10 * US_PER_MS)
/* A room microphone that said nothing for so long is not waited for. */
#define ROOM_FRESH_US (2 * US_PER_S)
#define WAITING_MAX   32

struct ear {
	struct stream_detector *stream_detector;
	unsigned wearable;
	struct acoustic_detector *detector; /* NULL: no sound yet, or at a rate out of range */
	double rate_hz;
	bool finds_pops;
	int64_t unc_us, arrival_us; /* of the block under way */
};

struct stream_detector {
	const struct conf *conf;
	const struct stream_detector_ops *ops;
	void *user;
	struct ear ear[CONF_WEARABLES_MAX];
	unsigned n_waiting;
	struct record
		waiting[WAITING_MAX]; /* pops whose air level is not known yet, oldest first */
};

struct stream_detector *stream_detector_new(
	const struct conf *conf, const struct stream_detector_ops *ops, void *user)
{
	struct stream_detector *l = new0(struct stream_detector);

	l->conf = conf;
	l->ops = ops;
	l->user = user;
	for (unsigned i = 0; i < conf->n_wearables; i++)
		l->ear[i] = (struct ear){.stream_detector = l, .wearable = i};
	return l;
}

struct stream_detector *stream_detector_free(struct stream_detector *l)
{
	if (!l)
		return NULL;
	for (unsigned i = 0; i < l->conf->n_wearables; i++)
		acoustic_detector_free(l->ear[i].detector);
	free(l);
	return NULL;
}

static bool is_room(const struct stream_detector *l, unsigned wearable)
{
	return l->conf->wearable[wearable].placement == PLACEMENT_ROOM;
}

/* A room microphone that can still tell about the instant. */
static bool is_room_awaited(const struct stream_detector *l, int64_t t_us)
{
	for (unsigned i = 0; i < l->conf->n_wearables; i++) {
		const struct acoustic_detector *d = l->ear[i].detector;

		if (d && is_room(l, i) && acoustic_detector_watermark(d) > t_us - ROOM_FRESH_US)
			return true;
	}
	return false;
}

static void compare(struct stream_detector *l, struct record *pop)
{
	double loudest = NAN;

	for (unsigned i = 0; i < l->conf->n_wearables; i++) {
		const struct acoustic_detector *d = l->ear[i].detector;
		double level;

		if (!d || !is_room(l, i))
			continue;
		level = acoustic_detector_peak_dbfs(
			d, pop->t_us - AIR_WINDOW_US, pop->t_us + AIR_WINDOW_US);
		if (isnan(level))
			continue;
		l->ops->air_level(l->user, i, pop->t_us, level);
		if (!(level <= loudest))
			loudest = level;
	}
	if (!isnan(loudest))
		pop->pop.features.contact_air_db = (float)(pop->pop.features.peak_dbfs - loudest);
	l->ops->compared(l->user, pop);
}

static void settle(struct stream_detector *l, int64_t watermark_us)
{
	unsigned kept = 0, n = l->n_waiting;

	for (unsigned i = 0; i < n; i++) {
		struct record pop = l->waiting[i];

		if (pop.t_us + AIR_WINDOW_US <= watermark_us || !is_room_awaited(l, pop.t_us))
			compare(l, &pop);
		else
			l->waiting[kept++] = pop;
	}
	l->n_waiting = kept;
}

void stream_detector_pop(struct stream_detector *l, const struct record *record)
{
	if (!is_room_awaited(l, record->t_us)) {
		l->ops->compared(l->user, record);
		return;
	}
	if (l->n_waiting == WAITING_MAX) {
		struct record oldest = l->waiting[0];

		for (unsigned i = 1; i < WAITING_MAX; i++)
			l->waiting[i - 1] = l->waiting[i];
		l->n_waiting--;
		l->ops->compared(l->user, &oldest);
	}
	l->waiting[l->n_waiting++] = *record;
}

static void on_event(const struct acoustic_event *event, void *user)
{
	struct ear *ear = user;
	struct stream_detector *l = ear->stream_detector;
	struct record pop = {
		.kind = RECORD_POP,
		.wearable = ear->wearable,
		.t_us = event->onset_us,
		.t_unc_us = ear->unc_us,
		.arrival_us = ear->arrival_us,
		.pop = {.features = event->features},
	};

	if (!ear->finds_pops)
		return;
	l->ops->heard(l->user, &pop);
	if (!is_room(l, ear->wearable))
		stream_detector_pop(l, &pop);
}

void stream_detector_audio(struct stream_detector *l, const struct record *record, bool finds_pops)
{
	struct ear *ear = &l->ear[record->wearable];
	const struct audio_block *audio = &record->audio;
	double interval_us = record->interval_host_us;

	if (!(audio->rate_hz > 0))
		return;
	if (audio->rate_hz != ear->rate_hz) {
		acoustic_detector_free(ear->detector);
		ear->rate_hz = audio->rate_hz;
		ear->detector = acoustic_detector_new(&l->conf->analysis, audio->rate_hz);
	}
	if (!ear->detector)
		return;
	if (!(interval_us > 0))
		interval_us = US_PER_S / audio->rate_hz;
	ear->finds_pops = finds_pops;
	ear->unc_us = record->t_unc_us;
	ear->arrival_us = record->arrival_us;
	acoustic_detector_push(ear->detector, record->t_us, interval_us, audio->lost_samples,
		audio->samples, audio->n, on_event, ear);
	if (is_room(l, record->wearable))
		settle(l, acoustic_detector_watermark(ear->detector));
}
