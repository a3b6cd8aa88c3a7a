// SPDX-License-Identifier: MIT
/* What the page knows. Plain data, changed by apply.ts alone, read by the views. */
import type * as T from '../../generated/types';
import { newClock, type Clock } from './clock';
import type { Refusal } from './message';
import { newTrack, type Track } from './track';

/** More than this late is history, not news. */
export const LATE_MS = 5000;

export interface Gateway {
  name: string;
  clock: Clock;
  status: T.GatewayStatus | null;
  health: T.GatewayHealth | null;
  inventory: T.GatewayInventory | null;
  radios: T.GatewayRadios | null;
  /** when it was last heard, not counting what the broker kept; null: never */
  heard: number | null;
}
export interface Wearable {
  name: string;
  status: T.WearableStatus | null;
  live: T.WearableLive | null;
  live_at: number;
}
export interface Kit {
  name: string;
  session: T.Session | null;
  calibration: T.Calibration | null;
  gateway: string | null;
}
export type OpenAlert = T.Alerts['alerts'][number] & { athlete: string; late_ms: number };
export interface Cue {
  code: string;
  argument: number | null;
  at: number;
}
/** Of a repetition, what its card needs. */
export type SlimRep = Pick<T.Rep, 'id' | 'time' | 't_start_us' | 't_end_us' | 'pops'>;
/** Of a pop that is a form fault, what tells whether a repetition is faulty. */
export type Fault = Pick<T.Pop, 'id' | 'time' | 't_pop_us'> & { is_late: boolean };
/** Repetitions that are no longer kept and not yet in a summary; since: of which session. */
export interface Tally {
  since: string | null;
  until: string | null;
  reps: number;
  faulty: number;
}
export interface Athlete {
  name: string;
  kit: string | null;
  gateway: string | null;
  track: Track;
  alerts: Map<string, OpenAlert>;
  /** the revisions of each pop, the oldest first */
  pops: Map<string, T.Pop[]>;
  faults: Map<string, Fault>;
  reps: Map<string, SlimRep>;
  tally: Tally;
  /** the newest that a repetition told */
  control_angle_deg: number | null;
  cue: Cue | null;
  summary: T.Summary | null;
}
/** What came late and is told in the rail alone. */
export interface Late {
  id: string;
  athlete: string;
  severity: number;
  class: T.Pop['class'];
  late_ms: number;
  at: number;
}
export type Link = 'connecting' | 'online' | 'lost' | 'refused';
export interface Model {
  link: Link;
  /** since when the link is as it is */
  link_since: number;
  gateways: Map<string, Gateway>;
  wearables: Map<string, Wearable>;
  kits: Map<string, Kit>;
  athletes: Map<string, Athlete>;
  late: Late[];
  /** the pop that is being explained; null: none */
  explained: string | null;
  /** which states the broker has told since the link is up; null: all it has */
  told: { topics: Set<string>; at: number; calls: number } | null;
  refused: Record<Refusal, number>;
}

export const newModel = (): Model => ({
  link: 'connecting',
  link_since: 0,
  gateways: new Map(),
  wearables: new Map(),
  kits: new Map(),
  athletes: new Map(),
  late: [],
  explained: null,
  told: null,
  refused: { topic: 0, size: 0, json: 0, schema: 0 },
});

function get<V>(map: Map<string, V>, name: string, make: () => V): V {
  const found = map.get(name);
  if (found) return found;
  const made = make();
  map.set(name, made);
  return made;
}

export const newTally = (since: string | null): Tally => ({ since, until: null, reps: 0, faulty: 0 });

export const gatewayOf = (m: Model, name: string): Gateway =>
  get(m.gateways, name, () => ({ name, clock: newClock(), status: null, health: null, inventory: null, radios: null, heard: null }));

export const wearableOf = (m: Model, name: string): Wearable =>
  get(m.wearables, name, () => ({ name, status: null, live: null, live_at: -Infinity }));

export const kitOf = (m: Model, name: string): Kit =>
  get(m.kits, name, () => ({ name, session: null, calibration: null, gateway: null }));

export const athleteOf = (m: Model, name: string): Athlete =>
  get(m.athletes, name, () => ({
    name, kit: null, gateway: null, track: newTrack(), alerts: new Map(), pops: new Map(), faults: new Map(), reps: new Map(), tally: newTally(null),
    control_angle_deg: null, cue: null, summary: null,
  }));

/** The gateway that a kit belongs to; where none said so, the only one there is. */
export function gatewayOfKit(m: Model, kit: Kit | undefined): Gateway | null {
  const named = kit?.gateway ? m.gateways.get(kit.gateway) : undefined;
  if (named) return named;
  return m.gateways.size === 1 ? [...m.gateways.values()][0]! : null;
}

export const newest = (revisions: T.Pop[]): T.Pop => revisions[revisions.length - 1]!;

/** What repetitions show is told with the session alone; without one, the last step tells. */
export const lacksOf = (kit: Kit): string[] => kit.session?.calibration.lacks ?? kit.calibration?.lacks ?? [];

const BY_REPETITIONS = ['left_leg_axis', 'right_leg_axis', 'first_raise'];

/** Whether what is missing comes by itself, with the first repetitions. */
export const areLearnt = (lacks: string[]): boolean => lacks.length > 0 && lacks.every((code) => BY_REPETITIONS.includes(code));

const STEP_OF_LACK: Record<string, T.CalibrationStepWord> = {
  zero: 'flat-back', pelvis_axis: 'pelvic-tilts', left_leg_axis: 'leg-raise-left', right_leg_axis: 'leg-raise-right',
};

/** The step of the calibration that is due; null: none, or one is under way. */
export const nextStep = (kit: Kit): T.CalibrationStepWord | null =>
  kit.calibration?.state === 'running' ? null : lacksOf(kit).map((code) => STEP_OF_LACK[code]).find((step) => step !== undefined) ?? null;
