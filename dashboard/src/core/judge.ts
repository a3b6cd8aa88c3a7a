// SPDX-License-Identifier: MIT
/* What an athlete's card has to say: the worst of the open alerts and of the pops not yet answered. */
import type { Pop, Summary } from '../../generated/types';
import { LATE_MS, newest, type Athlete, type Fault, type Kit, type OpenAlert, type SlimRep } from './model';

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

export const isOf = (kit: Kit, time: string | null): boolean => {
  const since = kit.session?.since;
  return !since || time === null || time >= since;
};

export const popsOf = (athlete: Athlete, kit: Kit): Pop[] =>
  [...athlete.pops.values()].map(newest).filter((pop) => isOf(kit, pop.time)).sort((a, b) => a.t_pop_us - b.t_pop_us);

export const faultsOf = (athlete: Athlete, kit: Kit): Fault[] =>
  [...athlete.faults.values()].filter((fault) => isOf(kit, fault.time)).sort((a, b) => a.t_pop_us - b.t_pop_us);

export const isFaulty = (rep: SlimRep, faults: Fault[]): boolean =>
  faults.some(({ id, t_pop_us }) => rep.pops.includes(id) || (t_pop_us >= rep.t_start_us && t_pop_us <= rep.t_end_us));

/* Without a session it is of the last one. */
export const summaryOf = (athlete: Athlete, kit: Kit): Summary | null =>
  (!kit.session || athlete.summary?.since === kit.session.since ? athlete.summary : null);

export const isSummedUp = (rep: SlimRep, summary: Summary | null): boolean =>
  summary !== null && summary.time !== null && (rep.time ?? '') <= summary.time;

/** What the summary has, what has come since, and between them what is no longer kept. */
export function countReps(athlete: Athlete, kit: Kit): { reps: number; faulty: number } {
  const [summary, faults] = [summaryOf(athlete, kit), faultsOf(athlete, kit)];
  const fresh = [...athlete.reps.values()].filter((rep) => isOf(kit, rep.time) && !isSummedUp(rep, summary));
  const isOfSession = !kit.session || athlete.tally.since === kit.session.since;
  const gone = isOfSession ? athlete.tally : { reps: 0, faulty: 0 };
  return {
    reps: (summary?.reps ?? 0) + gone.reps + fresh.length,
    faulty: (summary?.faulty_reps ?? 0) + gone.faulty + fresh.filter((rep) => isFaulty(rep, faults)).length,
  };
}

/* A form fault lasts until a clean repetition has ended after it. */
function openFault(athlete: Athlete, kit: Kit): Pop | null {
  const faults = faultsOf(athlete, kit);
  const fault = faults.filter(({ is_late }) => !is_late).pop();
  if (!fault) return null;
  const isOver = [...athlete.reps.values()].some((rep) => isOf(kit, rep.time) && rep.t_start_us > fault.t_pop_us && !isFaulty(rep, faults));
  const revisions = athlete.pops.get(fault.id);
  return isOver || !revisions ? null : newest(revisions);
}

const openQuestion = (pops: Pop[]): Pop | null =>
  pops.filter((pop) => pop.class === 'review' && !pop.override && (pop.late_ms ?? 0) <= LATE_MS).pop() ?? null;

const worst = (athlete: Athlete): OpenAlert | null =>
  [...athlete.alerts.values()].sort((a, b) => b.severity - a.severity || Number(a.state === 'acknowledged') - Number(b.state === 'acknowledged'))[0] ?? null;

const fromPop = (state: State, pop: Pop): Verdict =>
  ({ state, severity: pop.severity, alert: null, pop, reasons: pop.reasons, since: pop.time, is_acknowledged: false });

const popOf = (alert: OpenAlert, pops: Pop[]): Pop | null => pops.find((pop) => alert.pops.includes(pop.id)) ?? null;

export const lastOf = (pops: Pop[]): Pop | null => pops.filter((pop) => pop.class !== 'not_a_pop').pop() ?? null;

function fromAlert(alert: OpenAlert, pops: Pop[]): Verdict {
  const state = alert.severity >= 3 ? 'stop' : alert.class === 'review' ? 'call' : 'ask';
  return {
    state, severity: alert.severity, alert, pop: popOf(alert, pops), reasons: alert.reasons,
    since: alert.since, is_acknowledged: alert.state === 'acknowledged',
  };
}

/** t_us: the gateway's clock now; null: unknown. */
export function judge(athlete: Athlete, kit: Kit, t_us: number | null): Verdict {
  const pops = popsOf(athlete, kit);
  const alert = worst(athlete);
  if (alert && (alert.severity >= 3 || alert.state !== 'acknowledged')) return fromAlert(alert, pops);
  const fault = openFault(athlete, kit);
  if (fault) return fromPop('correct', fault);
  const question = openQuestion(pops);
  if (question) return fromPop('ask', question);
  if (alert) return fromAlert(alert, pops);
  const last = pops.filter((pop) => pop.class === 'benign').pop();
  if (last && t_us !== null && t_us - last.t_pop_us < BENIGN_MS * 1000) return fromPop('benign', last);
  return { state: 'idle', severity: 0, alert: null, pop: null, reasons: [], since: null, is_acknowledged: false };
}

/** The pops that the card shows, or will once what is worse has passed. */
export function shownPops(athlete: Athlete, kit: Kit): Pop[] {
  const [pops, alert] = [popsOf(athlete, kit), worst(athlete)];
  return [alert && popOf(alert, pops), openFault(athlete, kit), openQuestion(pops), lastOf(pops)].filter((pop) => pop !== null);
}
