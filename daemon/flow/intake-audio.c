// SPDX-License-Identifier: MIT
#include "daemon/flow/intake-audio.h"

#include <math.h>

/* After a pause this long, counting starts again: how much was lost is unknown. */
#define PAUSE_US US_PER_S
/* The same allowance as for the crystals of motion chips. */
#define SKEW_MAX_PPM 50000

static void restart(struct intake_audio *audio, double rate_hz)
{
	audio->rate_hz = rate_hz;
	audio->count_us = 0;
	clock_sync_init(&audio->clock, &(struct clock_sync_settings){.analysis = audio->analysis,
					       .tick_us = 1,
					       .tick_bits = 64,
					       .max_skew_ppm = SKEW_MAX_PPM,
					       .trace = *audio->trace});
}

static void stamp_arrival(struct record *r)
{
	r->t_us = r->arrival_us - llrint(r->audio.n * r->interval_host_us);
	r->t_unc_us = CLOCK_SYNC_UNKNOWN_US;
}

static void stamp_count(struct intake_audio *audio, struct record *r)
{
	double interval_us = US_PER_S / r->audio.rate_hz;
	struct clock_sync_block block = {
		.arrival_us = r->arrival_us, .n = r->audio.n, .interval_us = interval_us};
	struct clock_sync_time at;

	if (audio->rate_hz != r->audio.rate_hz || r->arrival_us - audio->arrival_us > PAUSE_US)
		restart(audio, r->audio.rate_hz);
	audio->arrival_us = r->arrival_us;
	audio->count_us += r->audio.lost_samples * interval_us;
	block.tick = (uint64_t)audio->count_us;
	audio->count_us += r->audio.n * interval_us;
	if (clock_sync_pair(&audio->clock, block.tick, r->audio.n * interval_us, r->arrival_us) <
			0 ||
		clock_sync_map_block(&audio->clock, &block, &at, &r->interval_host_us) < 0) {
		audio->rate_hz = 0;
		stamp_arrival(r);
		return;
	}
	r->t_us = at.t_us;
	r->t_unc_us = at.unc_us;
}

void intake_audio_stamp(struct intake *intake, struct record *r)
{
	struct clock_sync_time at;

	r->interval_host_us = US_PER_S / r->audio.rate_hz;
	if (!r->has_tick) {
		stamp_count(&intake->audio, r);
		return;
	}
	if (clock_sync_map(&intake->clock, r->tick, r->arrival_us, false, &at) < 0) {
		stamp_arrival(r);
		return;
	}
	r->t_us = at.t_us;
	r->t_unc_us = at.unc_us;
}
