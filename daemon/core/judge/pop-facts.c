// SPDX-License-Identifier: MIT
#include "daemon/core/judge/pop-facts.h"

#include <math.h>
#include <string.h>

#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/pop-crepitus.h"
#include "daemon/core/pop/pop-loose.h"
#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/activity.h"
#include "daemon/core/rules/baseline.h"
#include "daemon/core/rules/kinematic.h"
#include "daemon/core/rules/pattern.h"

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

static int64_t coincidence_us(const struct judge *j)
{
	return judge_ms(j->analysis->origin_coincidence_ms);
}

static double knock(const struct judge *j, unsigned kit, enum placement placement, int64_t t_us)
{
	const struct kit_posture *posture = j->conf->kit[kit].posture;

	return posture ? kit_posture_knock_g(posture, placement, t_us, coincidence_us(j)) : NAN;
}

static bool reported(
	const struct judge *j, const struct athlete *a, enum placement placement, int64_t t_us)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage != POP_STAGE_FREE && a->pop[i].has_sound &&
			distance(a->pop[i].result.t_pop_us, t_us) <= coincidence_us(j) &&
			!isnan(a->pop[i].result.levels_db[placement]))
			return true;
	return false;
}

/* The greatest shock on an athlete's body at that instant, from accelerometers and from reported
 * pops. A pop shakes the sensor above it, so if contact against air shows that the sound came from
 * the body (is_contact), only the other sensors' shocks count as the floor's. */
static double body_shock(const struct judge *j, unsigned kit, int64_t t_us, bool is_contact)
{
	const struct athlete *a = j->kit[kit].athlete;
	double shock = NAN;

	for (unsigned i = 0; i < j->conf->n_wearables; i++) {
		enum placement placement = j->conf->wearable[i].placement;

		if (j->conf->wearable[i].kit == kit && placement != PLACEMENT_ROOM &&
			!(is_contact && reported(j, a, placement, t_us)))
			shock = fmax(shock, knock(j, kit, placement, t_us));
	}
	for (unsigned i = 0; !is_contact && i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage != POP_STAGE_FREE && a->pop[i].has_sound &&
			distance(a->pop[i].result.t_pop_us, t_us) <= coincidence_us(j))
			shock = fmax(shock, (double)a->pop[i].features.knock_g);
	return shock;
}

static unsigned bodies_shocked(const struct judge *j, int64_t t_us, bool is_contact)
{
	unsigned n = 0;

	for (unsigned i = 0; i < j->conf->n_kits; i++)
		n += j->kit[i].athlete &&
		     body_shock(j, i, t_us, is_contact) >= j->analysis->origin_floor_shock_g;
	return n;
}

static bool is_detected_on_others(const struct judge *j, const struct athlete *self, int64_t t_us)
{
	for (unsigned i = 0; i < j->n_athletes; i++) {
		const struct athlete *a = j->athlete[i];

		for (unsigned k = 0; a != self && k < ATHLETE_POPS_MAX; k++)
			if (a->pop[k].stage != POP_STAGE_FREE && a->pop[k].has_sound &&
				distance(a->pop[k].result.t_pop_us, t_us) <= coincidence_us(j))
				return true;
	}
	return false;
}

/* What the room microphones recorded at the same instant. */
static void read_room(
	const struct judge *j, const struct pop *p, double *ret_level_db, bool *ret_leads)
{
	*ret_level_db = NAN;
	*ret_leads = false;
	for (unsigned i = 0; i < JUDGE_ROOM_MAX; i++) {
		const struct room_sound *s = &j->room[i];
		int64_t unc_us = s->unc_us + p->unc_us,
			lead_us = judge_ms(j->analysis->origin_room_lead_ms),
			most_us = judge_ms(j->analysis->pop_merge_max_ms);

		/* A microphone whose clock is polled has a time known to tens of milliseconds. */
		if (isnan(s->level_db) ||
			distance(s->t_us, p->result.t_pop_us) >
				coincidence_us(j) + (unc_us < most_us ? unc_us : most_us))
			continue;
		*ret_level_db = fmax(*ret_level_db, s->level_db);
		if (s->is_onset &&
			p->result.t_pop_us - s->t_us > (unc_us > lead_us ? unc_us : lead_us))
			*ret_leads = true;
	}
}

static unsigned sounds_last_minute(const struct athlete *a, const struct pop *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		const struct pop *q = &a->pop[i];
		int64_t age_us = p->result.t_pop_us - q->result.t_pop_us;

		n += q->stage != POP_STAGE_FREE && q->has_sound && q->wearable == p->wearable &&
		     (q == p || !pop_is_crepitus(q)) && age_us >= 0 && age_us < 60 * US_PER_S;
	}
	return n;
}

/* Judged by the same sensor's latest sounds that came from the body or a loose sensor. */
static bool has_lost_treble(const struct judge *j, const struct athlete *a, const struct pop *p)
{
	const struct pop *sound[POP_LOOSE_SOUNDS_MAX];
	const struct pop_features *features[POP_LOOSE_SOUNDS_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		const struct pop *q = &a->pop[i];
		unsigned at;

		if (q->stage == POP_STAGE_FREE || !q->has_sound || q->is_restored ||
			q->wearable != p->wearable || q->result.t_pop_us > p->result.t_pop_us ||
			(q != p && (pop_is_crepitus(q) || (q->origin != ORIGIN_POP &&
								  q->origin != CODE_SENSOR_LOOSE))))
			continue;
		if (n == POP_LOOSE_SOUNDS_MAX) {
			if (q->result.t_pop_us < sound[0]->result.t_pop_us)
				continue;
			list_drop(sound, n, 0);
		}
		for (at = n; at > 0 && sound[at - 1]->result.t_pop_us > q->result.t_pop_us; at--)
			sound[at] = sound[at - 1];
		sound[at] = q;
		n++;
	}
	for (unsigned i = 0; i < n; i++)
		features[i] = &sound[i]->features;
	return pop_loose_has_lost_treble(j->analysis, features, n);
}

static void trace_origin(const struct judge *j, const struct athlete *a, const struct pop *p,
	const struct origin_facts *o)
{
	const struct trace trace = judge_trace(j, a);

	TRACE(&trace, POP, p->result.t_pop_us,
		"%s origin %s: contact - air %.1f dB, own shock %.2f g, foot shock %.2f g, leg at "
		"%.1f deg, %u bodies shocked, loose %d, room leads %d, others heard it %d",
		p->result.id,
		p->origin == ORIGIN_POP ? "pop" : code_to_string((enum code)p->origin),
		o->contact_air_db, o->own_shock_g, o->foot_shock_g, o->elevation_low_deg,
		o->bodies_shocked, o->is_loose, o->room_leads, o->other_athlete);
}

static void read_origin(struct judge *j, const struct athlete *a, struct pop *p)
{
	int64_t t_us = p->result.t_pop_us;
	double level = p->result.levels_db[p->result.site],
	       clap = kit_state_clap_db(j, p->kit, p->result.site);
	struct origin_facts o = {
		.features = &p->features,
		.own_shock_g =
			fmax((double)p->features.knock_g, knock(j, p->kit, p->result.site, t_us)),
		.elevation_low_deg = p->posture.elevation_low_deg,
		.is_near_bottom = p->posture.is_near_bottom,
		.is_bent = p->exercise == EXERCISE_SUPINE_BENT,
		.is_loose = p->posture.has_shifted || has_lost_treble(j, a, p),
		.other_athlete = is_detected_on_others(j, a, t_us),
		.sounds_last_minute = sounds_last_minute(a, p),
	};
	double room_db;

	read_room(j, p, &room_db, &o.room_leads);
	o.contact_air_db =
		(isnan(room_db) ? (double)p->features.contact_air_db : level - room_db) - clap;
	o.room_exceeds = !isnan(room_db) && o.contact_air_db < 0;
	o.bodies_shocked = bodies_shocked(
		j, t_us, o.contact_air_db >= j->analysis->origin_contact_air_db && !o.room_leads);
	o.foot_shock_g =
		fmax(o.own_shock_g, fmax(knock(j, p->kit, PLACEMENT_THIGH_LEFT, t_us),
					    knock(j, p->kit, PLACEMENT_THIGH_RIGHT, t_us)));
	p->contact_air_db = o.contact_air_db;
	p->origin = pop_origin(j->analysis, &o);
	trace_origin(j, a, p, &o);
}

static enum side side_of(enum placement site)
{
	if (site == PLACEMENT_HIP_LEFT || site == PLACEMENT_THIGH_LEFT)
		return SIDE_LEFT;
	if (site == PLACEMENT_HIP_RIGHT || site == PLACEMENT_THIGH_RIGHT)
		return SIDE_RIGHT;
	return SIDE_UNKNOWN;
}

void pop_facts_copy_posture(struct pop *p)
{
	const struct posture_at *at = &p->posture;
	struct pop_result *r = &p->result;

	r->phase = at->phase;
	r->rep = at->rep;
	r->elevation_deg = at->elevation_deg;
	r->hip_flexion_deg = at->hip_deg;
	r->pelvic_tilt_deg = at->tilt_deg;
	r->lumbar_extension_deg = at->lumbar_deg;
	r->speed_deg_s = at->speed_deg_s;
}

static void read_posture(const struct judge *j, const struct athlete *a, struct pop *p)
{
	const struct kit_posture *posture = kit_state_posture(j, p->kit);
	struct pop_result *r = &p->result;
	struct posture_at at;
	enum side side = side_of(r->site);
	bool by_side = p->exercise == EXERCISE_FLUTTER;

	posture_at(posture, j->analysis, r->t_pop_us, by_side ? side : SIDE_UNKNOWN, &at);
	/* Alternating legs differ by design (2.4: asymmetry is for double-leg mode). */
	if (by_side)
		at.asymmetry_deg = NAN;
	/* Once the frames have left the ring, keep what was known. */
	if (at.is_known || !p->posture.is_known)
		p->posture = at;
	pop_facts_copy_posture(p);
	if (side != SIDE_UNKNOWN)
		r->side = side;
	else if (p->has_sound || r->side == SIDE_UNKNOWN)
		r->side = p->posture.side;
	/* Taken once, as they were before this pop's repetition. */
	if (!(p->span_deg > 0)) {
		p->span_deg =
			posture ? kit_posture_span_deg(posture) : kit_state_span_deg(j, p->kit);
		p->control_angle_deg = posture ? kit_posture_control_angle_deg(posture) : NAN;
		if (isnan(p->control_angle_deg))
			p->control_angle_deg = j->analysis->control_angle_default_deg;
	}
}

/* The kit changed hands within the clocks' uncertainty. */
static bool is_at_change(const struct kit_state *k, const struct pop *p)
{
	return k->athlete && k->before && k->athlete != k->before &&
	       (distance(p->result.t_pop_us, k->before_end_us) <= p->unc_us ||
		       distance(p->result.t_pop_us, k->athlete->memory.since_us) <= p->unc_us);
}

static enum placement other_side(enum placement site)
{
	switch (site) {
	case PLACEMENT_HIP_LEFT:
		return PLACEMENT_HIP_RIGHT;
	case PLACEMENT_HIP_RIGHT:
		return PLACEMENT_HIP_LEFT;
	case PLACEMENT_THIGH_LEFT:
		return PLACEMENT_THIGH_RIGHT;
	case PLACEMENT_THIGH_RIGHT:
		return PLACEMENT_THIGH_LEFT;
	case PLACEMENT_PELVIS:
	case PLACEMENT_LUMBAR:
	case PLACEMENT_LOW_BACK:
	case PLACEMENT_ROOM:
	case PLACEMENT_COUNT:
		break;
	}
	return PLACEMENT_COUNT;
}

/* One leg moves and the sound is at the other one, though the moving leg has a sensor that would
 * have detected it: left and right of the kit may be swapped (decision-model.md 8). */
static bool is_on_the_still_side(const struct judge *j, const struct pop *p)
{
	enum phase phase = p->posture.phase;
	enum side moving = p->posture.side;
	enum placement own = other_side(p->result.site);

	/* A leg without a sensor may be moving too. */
	if (p->posture.thighs < LEGS || p->exercise == EXERCISE_FLUTTER ||
		(phase != PHASE_RAISE && phase != PHASE_LOWER) ||
		(moving != SIDE_LEFT && moving != SIDE_RIGHT) || side_of(own) != moving)
		return false;
	for (unsigned i = 0; i < j->conf->n_wearables; i++)
		if (j->conf->wearable[i].kit == p->kit && j->conf->wearable[i].placement == own)
			return j->wearable[i].streams & (STREAM_POP | STREAM_ACOUSTIC);
	return false;
}

static void read_motion(const struct judge *j, const struct athlete *a, struct pop *p)
{
	struct kinematic_turns turns = {a->turn_low_deg, a->turn_high_deg};
	struct kinematic_series series;

	kinematic_read(j->conf->kit[p->kit].posture, j->analysis, p->result.t_pop_us, &series);
	p->kinematic = kinematic_signs(j->analysis, &series, &turns, p->result.t_pop_us);
}

static bool is_first(
	const struct athlete *a, const struct pop *p, const struct pop_note *notes, unsigned n)
{
	for (unsigned i = 0; i + 1 < n; i++)
		if (notes[i].site == p->result.site)
			return false;
	for (unsigned i = 0; i < a->memory.n_pops; i++)
		if (a->memory.pop[i].site == p->result.site)
			return false;
	return true;
}

static void read_history(const struct judge *j, const struct athlete *a, struct pop *p)
{
	static const uint64_t pattern_code[PATTERN_COUNT] = {
		[PATTERN_UNSPECIFIED] = CODE_BIT(PATTERN_UNSPECIFIED),
		[PATTERN_TENDON_SNAP_LIKE] = CODE_BIT(PATTERN_TENDON_SNAP_LIKE),
		[PATTERN_CAVITATION_LIKE] = CODE_BIT(PATTERN_CAVITATION_LIKE),
		[PATTERN_CREPITUS] = CODE_BIT(PATTERN_CREPITUS),
	};
	struct pattern_facts facts = {
		.tilt_deg = p->posture.tilt_deg,
		.tilt_rate_deg_s = p->posture.tilt_rate_deg_s,
		.span_deg = p->span_deg,
		.sub_pulses = p->features.sub_pulses,
	};
	struct pop_note notes[POP_NOTES_MAX];
	unsigned n;

	p->notes = (p->notes & CODE_BIT(EARLY_REVERSAL)) |
		   (activity_is_resting(p->exercise, &p->posture) ? CODE_BIT(NOT_EXERCISING) : 0);
	n = athlete_notes(a, p, notes);
	p->result.pattern = pop_crepitus_is(j, a, p) ? PATTERN_CREPITUS
						     : pattern_of(j->analysis, notes, n, &facts);
	p->notes |= pattern_code[p->result.pattern];
	p->trends = 0;
	if (pop_is_crepitus(p))
		return;
	if (pattern_is_consistent(j->analysis, notes, n))
		p->notes |= CODE_BIT(CONSISTENT);
	if (is_first(a, p, notes, n))
		p->notes |= CODE_BIT(FIRST_SEEN);
	p->trends = baseline_trends(j->analysis, &a->memory, notes, n);
}

void pop_facts_read(struct judge *j, struct athlete *a, struct pop *p, bool whole)
{
	if (p->is_restored)
		return;
	read_posture(j, a, p);
	if (!p->has_sound)
		return;
	p->is_wearer_unsure = p->is_wearer_unsure || is_at_change(&j->kit[p->kit], p) ||
			      is_on_the_still_side(j, p);
	if (whole) {
		read_origin(j, a, p);
		read_motion(j, a, p);
	}
	if (p->origin != ORIGIN_POP) {
		p->kinematic = p->trends = p->notes = 0;
		p->result.pattern = PATTERN_UNSPECIFIED;
		return;
	}
	read_history(j, a, p);
}
