// SPDX-License-Identifier: MIT
#include "daemon/flow/intake-status.h"

#include <math.h>
#include <string.h>

#include "coxad/base/text.h"

#define SILENT_US (2 * US_PER_S) /* without data for this long: silent */
#define RATE_S    5
#define LOSS_S    60
/* How often figures alone may cause a report. */
#define FIGURES_US (5 * (int64_t)US_PER_S)

static int64_t silence_us(const struct intake *intake)
{
	const uint32_t periodic = STREAM_MOTION | STREAM_ACOUSTIC | STREAM_ORIENTATION |
				  STREAM_HEART_RATE | STREAM_LEVEL;

	/* Case 2: two answers may be lost. */
	if (intake->driver && intake->has_info && !(intake->info.streams & periodic) &&
		intake->driver->poll_interval_us)
		return SILENT_US + 2 * intake->driver->poll_interval_us;
	return SILENT_US;
}

int64_t intake_status_silent_at(const struct intake *intake)
{
	return (intake->data_us ? intake->data_us : intake->connected_us) + silence_us(intake);
}

static enum wearable_problem problem_of(const struct intake *intake)
{
	return intake->link_problem ? intake->link_problem : intake->sensor_problem;
}

enum wearable_state intake_status_state_at(const struct intake *intake, int64_t now_us)
{
	if (!intake->is_connected)
		return intake->link_problem ? WEARABLE_STATE_QUARANTINED : WEARABLE_STATE_ABSENT;
	if (intake->quarantine_until_us)
		return WEARABLE_STATE_QUARANTINED;
	if (now_us >= intake_status_silent_at(intake))
		return WEARABLE_STATE_SILENT;
	return intake->data_us ? WEARABLE_STATE_STREAMING : WEARABLE_STATE_CONNECTING;
}

static void sum_seconds(
	const struct intake *intake, int64_t now_us, int64_t seconds, struct intake_second *ret)
{
	int64_t now = now_us / US_PER_S;

	*ret = (struct intake_second){0};
	for (unsigned i = 0; i < INTAKE_SECONDS; i++) {
		const struct intake_second *s = &intake->second[i];

		if (s->packets == 0 || s->index >= now || s->index < now - seconds)
			continue;
		ret->samples += s->samples;
		ret->packets += s->packets;
		ret->lost += s->lost;
	}
}

static double rate_at(const struct intake *intake, int64_t now_us)
{
	int64_t whole = now_us / US_PER_S - intake->first_data_us / US_PER_S - 1;
	struct intake_second sum;

	if (!intake->data_us || now_us >= intake_status_silent_at(intake))
		return 0;
	if (whole < 1)
		return NAN;
	if (whole > RATE_S)
		whole = RATE_S;
	sum_seconds(intake, now_us, whole, &sum);
	return (double)sum.samples / (double)whole;
}

void intake_status_note_sensor(struct intake *intake, enum wearable_problem problem)
{
	intake->sensor_problem = problem;
}

/* Empty: none that is known. */
static const char *adapter_of(const struct intake *intake)
{
	return intake->is_connected ? intake->adapter : "";
}

void intake_status_read(const struct intake *intake, int64_t now_us, struct wearable_result *ret)
{
	struct clock_sync_status clock;
	struct intake_second sum;

	clock_sync_status(&intake->clock, now_us, &clock);
	sum_seconds(intake, now_us, LOSS_S, &sum);
	*ret = (struct wearable_result){
		.wearable = intake->wearable,
		.state = intake_status_state_at(intake, now_us),
		.driver = intake->driver ? intake->driver->id : NULL,
		.battery_percent = intake->battery_percent,
		.rssi_dbm = intake->rssi_dbm,
		.rate_hz = intake->is_connected ? rate_at(intake, now_us) : 0,
		.loss_percent = sum.packets && intake->driver->counts_packets
					? 100.0 * sum.lost / (sum.packets + sum.lost)
					: NAN,
		.skew_ppm = clock.skew_ppm,
		.clock_uncertainty_ms = clock.uncertainty_us / US_PER_MS,
		.clock_coverage = clock.coverage,
		.t_us = now_us,
		.last_data_us = intake->last_data_us,
		.firmware = intake->firmware[0] ? intake->firmware : NULL,
		.adapter = adapter_of(intake)[0] ? adapter_of(intake) : NULL,
		.radio = intake->radio[0] ? intake->radio : NULL,
		.drops = diag_total(&intake->diag),
		.last_drop = (int)intake->diag.last,
		.last_drop_us = intake->diag.last_us,
		.problem = problem_of(intake),
		.bond = intake->is_connected ? intake->bond : WEARABLE_BOND_UNKNOWN,
	};
}

/* Two unknown values do not differ. */
static bool differs(double a, double b, double by)
{
	return isnan(a) != isnan(b) || fabs(a - b) > by;
}

static bool figures_differ(const struct wearable_result *a, const struct wearable_result *b)
{
	return differs(a->rate_hz, b->rate_hz, 0.05 * fabs(b->rate_hz) + 0.5) ||
	       differs(a->loss_percent, b->loss_percent, 1) ||
	       differs(a->skew_ppm, b->skew_ppm, 5) ||
	       differs(a->clock_uncertainty_ms, b->clock_uncertainty_ms,
		       0.25 * b->clock_uncertainty_ms) ||
	       differs(a->clock_coverage, b->clock_coverage, 0.15);
}

static bool has_changed(
	const struct intake *intake, const struct wearable_result *last, int64_t now_us)
{
	const char *driver = intake->driver ? intake->driver->id : NULL;

	return intake_status_state_at(intake, now_us) != last->state || driver != last->driver ||
	       problem_of(intake) != last->problem || diag_total(&intake->diag) != last->drops ||
	       intake->has_news || differs(intake->battery_percent, last->battery_percent, 0) ||
	       differs(intake->rssi_dbm, last->rssi_dbm, 0);
}

static void settle(struct intake *intake, int64_t now_us)
{
	bool is_due = now_us - intake->compared_us >= FIGURES_US;
	bool is_changed = has_changed(intake, &intake->reported, now_us);
	enum wearable_state before = intake->reported.state;
	struct wearable_result now;

	if (!is_changed && !is_due)
		return;
	intake_status_read(intake, now_us, &now);
	intake->compared_us = now_us;
	if (!is_changed && !figures_differ(&now, &intake->reported))
		return;
	intake->reported = now;
	intake->has_news = false;
	intake->ops->changed(intake->user, intake->wearable, now.state != before);
}

/* What arrived at a radio long ago says how the wearable was then, not how it is. */
void intake_status_settle(struct intake *intake, int64_t t_us)
{
	settle(intake, t_us > intake->now_us ? t_us : intake->now_us);
}

void intake_status_note_link(struct intake *intake, int64_t now_us, enum wearable_problem problem)
{
	intake->link_problem = problem;
	intake_status_settle(intake, now_us);
}

void intake_status_note_about(struct intake *intake, const struct about *about)
{
	char text[INTAKE_FIRMWARE_SIZE] = "";

	if (strcmp(about->name, "firmware") != 0 || about->size >= sizeof(intake->firmware) ||
		!text_is_clean(about->text, about->size))
		return;
	memcpy(text, about->text, about->size);
	intake->has_news |= strcmp(text, intake->firmware) != 0;
	memcpy(intake->firmware, text, sizeof(text));
}
