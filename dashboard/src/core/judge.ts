// SPDX-License-Identifier: MIT
/* What an athlete's card has to say: the worst of the open alerts and of the pops not yet answered. */
import type { Pop, Rep } from '../../generated/types';
import { LATE_MS } from './apply';
import { newest, type Athlete, type Kit, type OpenAlert } from './model';

export type State = 'stop' | 'correct' | 'call' | 'ask' | 'benign' | 'idle';
export interface Verdict {
  state: State;
  severity: number;
  alert: OpenAlert | null;
  pop: Pop | null;
  reasons: string[];
  since: string | null;
  is_acknowledged: boolean;
}

/* A benign pop is news for as long as the daemon may still revise it. */
const BENIGN_MS = 30_000;

const isOf = (kit: Kit, time: string | null): boolean => {
  const since = kit.session?.since;
  return !since || time === null || time >= since;
};

export const popsOf = (athlete: Athlete, kit: Kit): Pop[] =>
  [...athlete.pops.values()].map(newest).filter((pop) => isOf(kit, pop.time)).sort((a, b) => a.t_pop_us - b.t_pop_us);

export const repsOf = (athlete: Athlete, kit: Kit): Rep[] =>
  [...athlete.reps.values()].filter((rep) => isOf(kit, rep.time)).sort((a, b) => a.t_end_us - b.t_end_us);

/* Alone: after an hour each athlete has hundreds of repetitions to look at, ten times a second. */
const faultsOf = (pops: Pop[]): Pop[] => pops.filter((pop) => pop.class === 'form_fault');

const isFaulty = (rep: Rep, faults: Pop[]): boolean =>
  faults.some((pop) => rep.pops.includes(pop.id) || (pop.t_pop_us >= rep.t_start_us && pop.t_pop_us <= rep.t_end_us));

/* The summary has what came before this page was opened. */
export function countReps(athlete: Athlete, kit: Kit): { reps: number; faulty: number } {
  const summary = athlete.summary && kit.session && athlete.summary.since === kit.session.since ? athlete.summary : null;
  const faults = faultsOf(popsOf(athlete, kit));
  const since = summary?.time ?? null;
  const fresh = repsOf(athlete, kit).filter((rep) => since === null || (rep.time ?? '') > since);
  return {
    reps: (summary?.reps ?? 0) + fresh.length,
    faulty: (summary?.faulty_reps ?? 0) + fresh.filter((rep) => isFaulty(rep, faults)).length,
  };
}

/* A form fault lasts until a clean repetition has ended after it. */
function openFault(pops: Pop[], reps: Rep[]): Pop | null {
  const faults = faultsOf(pops);
  const fault = faults.filter((pop) => (pop.late_ms ?? 0) <= LATE_MS).pop();
  if (!fault) return null;
  return reps.some((rep) => rep.t_start_us > fault.t_pop_us && !isFaulty(rep, faults)) ? null : fault;
}

const openQuestion = (pops: Pop[]): Pop | null =>
  pops.filter((pop) => pop.class === 'review' && !pop.override && (pop.late_ms ?? 0) <= LATE_MS).pop() ?? null;

const worst = (athlete: Athlete): OpenAlert | null =>
  [...athlete.alerts.values()].sort((a, b) => b.severity - a.severity || Number(a.state === 'acknowledged') - Number(b.state === 'acknowledged'))[0] ?? null;

const fromPop = (state: State, pop: Pop): Verdict =>
  ({ state, severity: pop.severity, alert: null, pop, reasons: pop.reasons, since: pop.time, is_acknowledged: false });

function fromAlert(alert: OpenAlert, pops: Pop[]): Verdict {
  const state = alert.severity >= 3 ? 'stop' : alert.class === 'review' ? 'call' : 'ask';
  return {
    state, severity: alert.severity, alert, pop: pops.find((pop) => alert.pops.includes(pop.id)) ?? null, reasons: alert.reasons,
    since: alert.since, is_acknowledged: alert.state === 'acknowledged',
  };
}

/** t_us: the gateway's clock now; null: unknown. */
export function judge(athlete: Athlete, kit: Kit, t_us: number | null): Verdict {
  const pops = popsOf(athlete, kit);
  const alert = worst(athlete);
  if (alert && (alert.severity >= 3 || alert.state !== 'acknowledged')) return fromAlert(alert, pops);
  const fault = openFault(pops, repsOf(athlete, kit));
  if (fault) return fromPop('correct', fault);
  const question = openQuestion(pops);
  if (question) return fromPop('ask', question);
  if (alert) return fromAlert(alert, pops);
  const last = pops.filter((pop) => pop.class === 'benign').pop();
  if (last && t_us !== null && t_us - last.t_pop_us < BENIGN_MS * 1000) return fromPop('benign', last);
  return { state: 'idle', severity: 0, alert: null, pop: null, reasons: [], since: null, is_acknowledged: false };
}
