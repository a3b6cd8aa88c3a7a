// SPDX-License-Identifier: MIT
/*  connected   first data          2 s without      data        many refused in a row
 *  absent ---> connecting ---> streaming ------> silent ---> streaming ------> quarantined
 *     ^------------ disconnected, from any ------------------------ after a while: silent
 *
 *  (1) where no data ever come, silence counts from the connection
 *  (2) a wearable that only sends events is silent when the clock poll goes unanswered
 *  (3) in quarantine, events (pop, symptom) still pass, streams do not
 */
#include "coxad/flow/intake.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/time/clock-sync.h"
#include "coxad/drivers/driver-list.h"
#include "daemon/flow/intake-audio.h"
#include "daemon/flow/intake-quarantine.h"
#include "daemon/flow/intake-status.h"

/* An event cannot arrive before it happened: one that is further ahead has no valid time
 * (decision-model.md, ruling 10). A live pop is under way for no longer than the longest
 * supervision timeout (Core Vol 6 Part B 4.5.2: 32 s). */
#define EVENT_JUMP_US ((int64_t)US_PER_S)
#define EVENT_LATE_US (32 * (int64_t)US_PER_S)

static struct intake_second *second_at(struct intake *intake, int64_t t_us)
{
	int64_t index = t_us / US_PER_S;
	struct intake_second *second = &intake->second[(uint64_t)index % INTAKE_SECONDS];

	if (second->index != index)
		*second = (struct intake_second){.index = index};
	return second;
}

static void count_packet(struct intake *intake, unsigned samples, unsigned lost)
{
	struct intake_second *second = second_at(intake, intake->arrival_us);

	second->samples += samples;
	second->packets++;
	second->lost += lost;
}

static int refuse(struct intake *intake, enum reason reason)
{
	intake->refusal = (int)reason;
	return -(int)reason;
}

/* A wearable without a boot number may have restarted while disconnected: if its first pair does
 * not fit, a new clock begins. */
static int pair(struct intake *intake, uint64_t tick, double ahead_us)
{
	int r = clock_sync_pair(&intake->clock, tick, ahead_us, intake->arrival_us);

	if (r < 0 && intake->may_restart) {
		clock_sync_restart(&intake->clock);
		r = clock_sync_pair(&intake->clock, tick, ahead_us, intake->arrival_us);
	}
	if (r < 0)
		return refuse(intake, (enum reason) - r);
	intake->may_restart = false;
	return 0;
}

static void stamp_arrival(struct intake *intake, struct record *r, unsigned n, double interval_us)
{
	r->t_us = intake->arrival_us - llrint((n ? n - 1 : 0) * interval_us);
	/* Not before the end of the previous block. */
	if (n && r->t_us < intake->block_end_us)
		r->t_us = intake->block_end_us;
	if (n)
		intake->block_end_us = r->t_us + llrint((n - 1) * interval_us);
	r->t_unc_us = CLOCK_SYNC_UNKNOWN_US;
	r->interval_host_us = interval_us;
}

/* Motion and orientation: a block ends when its packet was built (decision-model.md, ruling 8). */
static int stamp_block(
	struct intake *intake, struct record *r, unsigned n, double interval_us, bool is_pair)
{
	struct clock_sync_block block = {r->tick, r->arrival_us, n, interval_us};
	struct clock_sync_time at;
	int64_t behind_us;
	int result;

	if (!r->has_tick) {
		stamp_arrival(intake, r, n, interval_us);
		return 0;
	}
	result = is_pair ? pair(intake, r->tick, (n - 1) * interval_us) : 0;
	if (result < 0)
		return result;
	result = clock_sync_map_block(&intake->clock, &block, &at, &r->interval_host_us);
	if (result < 0) {
		stamp_arrival(intake, r, n, interval_us);
		return 0;
	}
	/* Blocks dated by arrival, while the clock was unknown, may have gone further. */
	behind_us = at.t_us < intake->block_end_us ? intake->block_end_us - at.t_us : 0;
	r->t_us = at.t_us + behind_us;
	r->t_unc_us = at.unc_us + behind_us;
	intake->block_end_us = r->t_us + llrint((n - 1) * r->interval_host_us);
	return 0;
}

/* Events do not train the clock: an arrival only says that the event was not later, and a live one
 * not much earlier. */
static int stamp_event(struct intake *intake, struct record *r, bool is_old)
{
	struct clock_sync_time at;
	int64_t ahead_us;

	if (!r->has_tick ||
		clock_sync_map(&intake->clock, r->tick, r->arrival_us, is_old, &at) < 0) {
		stamp_arrival(intake, r, 0, 0);
		return 0;
	}
	r->t_us = at.t_us;
	r->t_unc_us = at.unc_us;
	ahead_us = r->t_us - r->arrival_us;
	if (ahead_us > EVENT_JUMP_US ||
		(r->kind == RECORD_POP && !is_old && -ahead_us > EVENT_LATE_US))
		return refuse(intake, REASON_TIME_JUMP);
	if (ahead_us > 0) {
		r->t_us = r->arrival_us;
		r->t_unc_us = r->t_unc_us > ahead_us ? r->t_unc_us : ahead_us;
	}
	return 0;
}

static void take_info(struct intake *intake, const struct wearable_info *info)
{
	if (intake->has_info && intake->info.has_boot && info->has_boot &&
		intake->info.boot != info->boot)
		clock_sync_restart(&intake->clock);
	intake->info = *info;
	intake->has_info = true;
	if (info->has_boot)
		intake->may_restart = false;
}

static bool is_event(enum record_kind kind)
{
	return kind == RECORD_POP || kind == RECORD_SYMPTOM || kind == RECORD_LOST ||
	       kind == RECORD_INFO;
}

static bool is_passed(const struct intake *intake, enum record_kind kind)
{
	if (intake->is_earlier)
		return kind == RECORD_POP || kind == RECORD_SYMPTOM;
	return !intake->quarantine_until_us || is_event(kind);
}

static bool has_motion(const struct intake *intake)
{
	return intake->has_info ? intake->info.streams & STREAM_MOTION
				: intake->driver->streams & STREAM_MOTION;
}

/* Dates the record. Negative: refused. 1: nothing to pass on. */
static int take_record(struct intake *intake, struct record *r)
{
	switch (r->kind) {
	case RECORD_INFO:
		take_info(intake, &r->info);
		stamp_arrival(intake, r, 0, 0);
		return 0;
	case RECORD_MOTION:
		count_packet(intake, r->motion.n, r->motion.lost_packets);
		intake->is_data = true;
		return stamp_block(intake, r, r->motion.n, r->motion.interval_us, true);
	case RECORD_ORIENTATION:
		count_packet(intake, r->orientation.n, r->orientation.lost_packets);
		intake->is_data = true;
		return stamp_block(intake, r, r->orientation.n, r->orientation.interval_us,
			!has_motion(intake));
	case RECORD_AUDIO:
		intake->is_data = true;
		if (!has_motion(intake))
			count_packet(
				intake, 0, r->audio.n ? r->audio.lost_samples / r->audio.n : 0);
		intake_audio_stamp(intake, r);
		return r->t_us > r->arrival_us + EVENT_JUMP_US ? refuse(intake, REASON_TIME_JUMP)
							       : 0;
	case RECORD_POP:
		intake->is_data = true;
		return stamp_event(intake, r, r->pop.resent);
	case RECORD_SYMPTOM:
		intake->is_data = true;
		return stamp_event(intake, r, false);
	case RECORD_CLOCK:
		intake->is_data = true;
		return has_motion(intake) || pair(intake, r->tick, 0) == 0 ? 1 : -1;
	case RECORD_BATTERY:
		intake->battery_percent = r->battery_percent;
		stamp_arrival(intake, r, 0, 0);
		return 0;
	case RECORD_HEART_RATE:
	case RECORD_LEVEL:
		intake->is_data = true;
		stamp_arrival(intake, r, 0, 0);
		return 0;
	case RECORD_LOST:
		stamp_arrival(intake, r, 0, 0);
		return 0;
	case RECORD_ABOUT:
		intake->has_about = true;
		intake_status_note_about(intake, &r->about);
		return 1;
	case RECORD_QUANTITY:
		return 1;
	}
	return 1;
}

static void on_record(const struct record *record, void *user)
{
	struct intake *intake = user;
	struct record r = *record;

	r.wearable = intake->wearable;
	r.arrival_us = intake->arrival_us;
	r.clock_stepped = r.has_tick && clock_sync_has_stepped(&intake->clock, r.arrival_us);
	if (!is_passed(intake, r.kind)) {
		refuse(intake, intake->is_earlier ? REASON_STALE : REASON_QUARANTINE);
		return;
	}
	if (take_record(intake, &r) != 0)
		return;
	r.t_unc_us += intake->radio_unc_us;
	intake->ops->record(intake->user, &r);
}

static void use_driver(struct intake *intake, const struct driver *driver)
{
	intake->driver = driver;
	intake->state = alloc_zero(1, driver->state_size);
	clock_sync_init(&intake->clock, &(struct clock_sync_settings){.analysis = intake->analysis,
						.tick_us = driver->tick_us,
						.tick_bits = driver->tick_bits,
						.max_skew_ppm = driver->max_skew_ppm,
						.quantum_us = driver->quantum_us,
						.tells_no_boot = !driver->tells_boot,
						.trace = intake->trace});
	if (intake->is_recalled && driver->recall)
		driver->recall(intake->state, &intake->recalled);
	if (intake->is_connected && driver->connected)
		driver->connected(intake->state, intake->mtu);
}

struct intake *intake_new(unsigned wearable, const struct driver *driver,
	const struct analysis_conf *analysis, const struct intake_ops *ops, void *user)
{
	struct intake *intake = new0(struct intake);

	intake->wearable = wearable;
	intake->analysis = intake->audio.analysis = analysis;
	intake->audio.trace = &intake->trace;
	intake->ops = ops;
	intake->user = user;
	intake->battery_percent = intake->rssi_dbm = NAN;
	if (driver)
		use_driver(intake, driver);
	intake_status_read(intake, 0, &intake->reported);
	return intake;
}

void intake_set_trace(struct intake *intake, const struct trace *trace)
{
	intake->trace = *trace;
	intake->clock.settings.trace = intake->audio.clock.settings.trace = *trace;
}

struct intake *intake_free(struct intake *intake)
{
	if (!intake)
		return NULL;
	free(intake->state);
	free(intake->spare);
	free(intake);
	return NULL;
}

static void begin_connection(struct intake *intake, int64_t t_us, unsigned mtu)
{
	intake->is_connected = intake->was_connected = true;
	intake->mtu = mtu;
	intake->connected_us = t_us;
	intake->data_us = 0;
	intake->refused_in_row = 0;
	intake->quarantine_until_us = 0;
	intake->may_restart = !intake->info.has_boot;
	intake->audio.rate_hz = 0;
	if (!intake->driver)
		return;
	/* Samples were not counted while disconnected. */
	if (intake->driver->clock == DRIVER_CLOCK_COUNT)
		clock_sync_restart(&intake->clock);
	if (intake->driver->connected)
		intake->driver->connected(intake->state, mtu);
}

void intake_connected(struct intake *intake, int64_t t_us, unsigned mtu)
{
	begin_connection(intake, t_us, mtu);
	intake_status_settle(intake, t_us);
}

void intake_disconnected(struct intake *intake, int64_t t_us)
{
	intake->is_connected = false;
	intake->quarantine_until_us = 0;
	intake_status_settle(intake, t_us);
}

void intake_rssi(struct intake *intake, int64_t t_us, int dbm)
{
	intake->rssi_dbm = dbm;
	intake_status_settle(intake, t_us);
}

int intake_decode(struct intake *intake, const struct driver_input *in)
{
	bool is_common = sig_services_claim(in->characteristic);

	if (!intake->driver) {
		const struct driver *driver =
			driver_list_find_by_characteristic(in->characteristic);

		if (!driver && !is_common)
			return -REASON_TYPE;
		if (driver)
			use_driver(intake, driver);
	}
	if (is_common && !(intake->driver && intake->driver->claims(in->characteristic)))
		return sig_services_decode(in, on_record, intake);
	return intake->driver->decode(intake->state, in, on_record, intake);
}

/* After the decoder has seen one packet. */
static void settle_packet(struct intake *intake, int result, bool was_silent)
{
	if (result < 0)
		intake_quarantine_count(intake, (enum reason) - result);
	else if (intake->refusal)
		intake_quarantine_count(intake, (enum reason)intake->refusal);
	else
		intake->refused_in_row = 0;
	if (!intake->is_data || intake->refusal)
		return;
	if (!intake->data_us || was_silent)
		intake->first_data_us = intake->arrival_us;
	intake->data_us = intake->last_data_us = intake->arrival_us;
}

void intake_bytes(struct intake *intake, const struct driver_input *input)
{
	int64_t t_us = input->arrival_us;
	bool was_silent;

	intake->packets++;
	intake->arrival_us = t_us;
	intake->is_data = false;
	intake->refusal = REASON_NONE;
	if (!intake->is_connected && intake->was_connected) {
		intake_quarantine_count(intake, REASON_STALE);
		intake_status_settle(intake, t_us);
		return;
	}
	if (!intake->is_connected)
		begin_connection(intake, t_us, 0);
	intake_quarantine_leave(intake, t_us);
	was_silent = intake_status_state_at(intake, t_us) == WEARABLE_STATE_SILENT;
	if (was_silent && intake->driver && intake->driver->clock == DRIVER_CLOCK_COUNT)
		clock_sync_restart(&intake->clock);
	settle_packet(intake, intake_decode(intake, input), was_silent);
	intake_status_settle(intake, t_us);
}

int64_t intake_deadline(const struct intake *intake)
{
	if (!intake->is_connected)
		return T_NEVER;
	if (intake->quarantine_until_us)
		return intake->quarantine_until_us;
	return intake->reported.state == WEARABLE_STATE_SILENT ? T_NEVER
							       : intake_status_silent_at(intake);
}

void intake_advance(struct intake *intake, int64_t now_us)
{
	intake_quarantine_leave(intake, now_us);
	intake_status_settle(intake, now_us);
}

int intake_plan(struct intake *intake, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret)
{
	unsigned own = 0;
	int r;

	for (size_t i = 0; !intake->driver && i < peer->n_characteristics; i++) {
		const struct driver *driver =
			driver_list_find_by_characteristic(&peer->characteristics[i]);

		if (driver)
			use_driver(intake, driver);
	}
	if (!intake->driver || !intake->driver->plan)
		return 0;
	r = intake->driver->plan(intake->state, peer, plan, index, ret);
	if (r != 0 || plan != DRIVER_PLAN_START)
		return r;
	/* After the driver's own steps, those that any wearable may have. */
	while (own < index &&
		intake->driver->plan(intake->state, peer, plan, own, &(struct driver_step){0}) == 1)
		own++;
	/* Fixed at the first of them: what one step reads must not renumber the next. */
	if (index == own)
		intake->known = (struct sig_services_known){
			isfinite(intake->battery_percent), intake->has_about};
	return sig_services_plan(intake->driver, peer, intake->known, index - own, ret);
}

int intake_order(struct intake *intake, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret)
{
	struct driver_step next;

	if (!intake->driver || !intake->driver->order || index >= DRIVER_ORDER_WRITES ||
		intake->driver->order(intake->state, order, argument, index, ret) <= 0)
		return 0;
	if (intake_order(intake, order, argument, index + 1, &next) > 0)
		ret->n_follow = next.n_follow + 1;
	return 1;
}

bool intake_remember(const struct intake *intake, struct wearable_memory *ret)
{
	return intake->driver && intake->driver->remember &&
	       intake->driver->remember(intake->state, ret);
}

void intake_recall(struct intake *intake, const struct wearable_memory *memory)
{
	intake->recalled = *memory;
	intake->is_recalled = true;
	if (intake->driver && intake->driver->recall)
		intake->driver->recall(intake->state, memory);
}

const char *intake_radio(const struct intake *intake)
{
	return intake->radio[0] ? intake->radio : NULL;
}

const struct driver *intake_driver(const struct intake *intake)
{
	return intake->driver;
}

const struct diag *intake_diag(const struct intake *intake)
{
	return &intake->diag;
}

const struct wearable_info *intake_info(const struct intake *intake)
{
	return &intake->info;
}

uint32_t intake_streams(const struct intake *intake)
{
	uint32_t known = intake->driver ? intake->driver->streams : 0;

	return intake->info.streams ? intake->info.streams : known;
}

uint64_t intake_packets(const struct intake *intake)
{
	return intake->packets;
}

enum wearable_state intake_state(const struct intake *intake)
{
	return intake->reported.state;
}

void intake_status(const struct intake *intake, int64_t now_us, struct wearable_result *ret)
{
	intake_status_read(intake, now_us, ret);
}
