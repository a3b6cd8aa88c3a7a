// SPDX-License-Identifier: MIT
/* One mat. */
import { ageOf } from './clock';
import { countReps, judge, lastOf, popsOf, type State } from './judge';
import { gatewayOfKit, lacksOf, type Athlete, type Kit, type Model } from './model';
import { limitsOf, tiltZoneOf, type TiltZone } from './limits';
import { causeOfKit, POSTURE_OLD_MS, type StaleCause } from './stale';
import { technicalOf, type Technical } from './technical';

/* A cue is an instruction for this moment. */
export const CUE_MS = 5000;

export interface CardView {
  kit: string;
  athlete: string | null;
  exercise: string;
  phase: string | null;
  state: State;
  severity: number;
  is_acknowledged: boolean;
  by: string | null;
  alert: string | null;
  pop: string | null;
  reasons: string[];
  since_age_ms: number | null;
  /** the lower leg; null: not known now */
  elevation_deg: number | null;
  tilt_deg: number | null;
  control_deg: number;
  zone: TiltZone;
  /** age of the last posture; null: there was none */
  posture_age_ms: number | null;
  reps: number;
  faulty: number;
  last_pop: { id: string; class: string; site: string | null; age_ms: number | null } | null;
  cue: { code: string; argument: number | null } | null;
  stale: StaleCause | null;
  technical: Technical[];
  /** what is not known yet, so that form is not judged, or not of that leg */
  lacks: string[];
}

const lowerLeg = (...legs: (number | null | undefined)[]): number | null => {
  const known = legs.filter((leg): leg is number => typeof leg === 'number');
  return known.length ? Math.min(...known) : null;
};

function controlAngle(m: Model, athlete: Athlete | null, kit: Kit): number {
  return athlete?.control_angle_deg ?? athlete?.summary?.control_angle_deg ?? limitsOf(gatewayOfKit(m, kit)).control_angle_default;
}

function lastPop(m: Model, athlete: Athlete, kit: Kit, now: number): CardView['last_pop'] {
  const pop = lastOf(popsOf(athlete, kit));
  const gateway = gatewayOfKit(m, kit);
  return pop ? { id: pop.id, class: pop.class, site: pop.site, age_ms: gateway ? ageOf(gateway.clock, pop.time, now) : null } : null;
}

function movement(athlete: Athlete | null, stale: StaleCause | null, now: number) {
  const posture = athlete?.track.newest ?? null;
  const age = posture && athlete ? now - athlete.track.at : null;
  const isLive = posture !== null && age !== null && age <= POSTURE_OLD_MS && stale !== 'no_connection' && stale !== 'gateway_gone';
  return {
    phase: isLive ? posture.phase : null,
    elevation_deg: isLive ? lowerLeg(posture.elevation_left_deg, posture.elevation_right_deg) : null,
    tilt_deg: isLive ? posture.pelvic_tilt_deg : null,
    posture_age_ms: age,
  };
}

/* The gateway's clock of posture now, as far as the newest sample tells. */
const hostNow = (athlete: Athlete, now: number): number | null =>
  athlete.track.newest ? athlete.track.newest.t_us + (now - athlete.track.at) * 1000 : null;

function verdictOf(m: Model, athlete: Athlete | null, kit: Kit, now: number) {
  if (!athlete) return { state: 'idle' as State, severity: 0, is_acknowledged: false, by: null, alert: null, pop: null, reasons: [], since_age_ms: null };
  const verdict = judge(athlete, kit, hostNow(athlete, now));
  const gateway = gatewayOfKit(m, kit);
  return {
    state: verdict.state, severity: verdict.severity, is_acknowledged: verdict.is_acknowledged, by: verdict.alert?.by ?? null,
    alert: verdict.alert?.alert ?? null, pop: verdict.pop?.id ?? null, reasons: verdict.reasons,
    since_age_ms: gateway ? ageOf(gateway.clock, verdict.since, now) : null,
  };
}

/* Without a session an athlete whose alert is open still has the card of that mat. */
function wearerOf(m: Model, kit: Kit): Athlete | null {
  if (kit.session) return m.athletes.get(kit.session.athlete) ?? null;
  return [...m.athletes.values()].find((athlete) => athlete.kit === kit.name && athlete.alerts.size > 0) ?? null;
}

export function cardOf(m: Model, kit: Kit, now: number): CardView {
  const athlete = wearerOf(m, kit);
  const stale = causeOfKit(m, kit, athlete, now);
  const cue = athlete?.cue && now - athlete.cue.at < CUE_MS && m.link === 'online' ? athlete.cue : null;
  return {
    kit: kit.name,
    athlete: athlete?.name ?? null,
    exercise: kit.session?.exercise ?? gatewayOfKit(m, kit)?.inventory?.kits.find((each) => each.name === kit.name)?.exercise ?? 'none',
    ...movement(athlete, stale, now),
    ...verdictOf(m, athlete, kit, now),
    control_deg: controlAngle(m, athlete, kit),
    zone: tiltZoneOf(m, kit),
    ...(athlete ? countReps(athlete, kit) : { reps: 0, faulty: 0 }),
    last_pop: athlete ? lastPop(m, athlete, kit, now) : null,
    cue: cue && { code: cue.code, argument: cue.argument },
    stale,
    technical: technicalOf(m, kit, athlete, stale, now),
    lacks: kit.session && (stale === null || stale === 'wearable_silent') ? lacksOf(kit) : [],
  };
}
