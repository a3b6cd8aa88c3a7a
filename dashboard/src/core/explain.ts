// SPDX-License-Identifier: MIT
/* Why a pop was judged so: its revisions, the form score beside its limits, posture around it. */
import type { Pop } from '../../generated/types';
import { limitsOf, tiltZoneOf, type TiltZone } from './limits';
import { gatewayOfKit, kitOf, newest, type Model } from './model';
import { between, type Sample } from './track';

export interface ExplainView {
  pop: Pop;
  revisions: Pop[];
  /** f1 to f7, points */
  form: { part: string; points: number | null }[];
  form_limit: number;
  /** empty: this page did not see it */
  samples: Sample[];
  zone: TiltZone;
  control_deg: number;
}

export const AROUND_US = 3_000_000;
const PARTS = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'] as const;

/** null: no such pop is known. */
export function explain(m: Model, athlete: string, id: string): ExplainView | null {
  const known = m.athletes.get(athlete);
  const revisions = known?.pops.get(id);
  if (!known || !revisions) return null;
  const pop = newest(revisions);
  const kit = kitOf(m, pop.kit);
  const limits = limitsOf(gatewayOfKit(m, kit));
  return {
    pop,
    revisions,
    form: PARTS.map((part) => ({ part, points: pop.form[part] })),
    form_limit: limits.form_limit,
    samples: between(known.track, pop.t_pop_us - AROUND_US, pop.t_pop_us + AROUND_US),
    zone: tiltZoneOf(m, kit),
    control_deg: known.control_angle_deg ?? known.summary?.control_angle_deg ?? limits.control_angle_default,
  };
}
