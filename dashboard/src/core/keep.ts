// SPDX-License-Identifier: MIT
/* How much is kept of an athlete: what a card needs, however long the class. The rest is counted. */
import type { Pop, Rep, Summary } from '../../generated/types';
import { faultsOf, isFaulty, isOf, isSummedUp, shownPops, summaryOf } from './judge';
import { kitOf, LATE_MS, newest, newTally, type Athlete, type Kit, type Model, type SlimRep } from './model';

export const REPS_KEPT = 64;
export const POPS_KEPT = 16;
/* Two in each repetition that is kept. */
const FAULTS_KEPT = 128;

/* Maps keep their order of insertion, so the first is the oldest. */
function trim<V>(map: Map<string, V>, most: number, dropped: (value: V) => void = () => undefined): void {
  for (const [key, value] of map) {
    if (map.size <= most) return;
    map.delete(key);
    dropped(value);
  }
}

function count(athlete: Athlete, kit: Kit, rep: SlimRep): void {
  const since = kit.session?.since ?? athlete.tally.since;
  if (since !== athlete.tally.since) athlete.tally = newTally(since);
  if (!isOf(kit, rep.time) || isSummedUp(rep, summaryOf(athlete, kit))) return;
  const { tally } = athlete;
  tally.until = rep.time ?? tally.until;
  tally.reps++;
  if (isFaulty(rep, faultsOf(athlete, kit))) tally.faulty++;
}

export function keepRep(m: Model, athlete: Athlete, rep: Rep): void {
  if (athlete.reps.has(rep.id)) return;
  const { id, time, t_start_us, t_end_us, pops } = rep;
  athlete.reps.set(id, { id, time, t_start_us, t_end_us, pops });
  athlete.control_angle_deg = rep.control_angle_deg ?? athlete.control_angle_deg;
  trim(athlete.reps, REPS_KEPT, (old) => { if (athlete.kit !== null) count(athlete, kitOf(m, athlete.kit), old); });
}

/** A summary has what was counted up to its time. */
export function keepSummary(athlete: Athlete, summary: Summary): void {
  athlete.summary = summary;
  const { since, until } = athlete.tally;
  if (until === null || (summary.time ?? '') >= until) athlete.tally = newTally(since);
}

/* Revisions of a fault that is no longer kept still count. */
function noteFault(athlete: Athlete, { id, time, t_pop_us, late_ms, class: of }: Pop): void {
  if (of === 'form_fault') athlete.faults.set(id, { id, time, t_pop_us, is_late: (late_ms ?? 0) > LATE_MS });
  else athlete.faults.delete(id);
  trim(athlete.faults, FAULTS_KEPT);
}

/** What is on the screen stays, however old it is. */
export function keepPop(m: Model, athlete: Athlete, pop: Pop): void {
  const revisions = [...(athlete.pops.get(pop.id) ?? []), pop].sort((a, b) => a.rev - b.rev);
  athlete.pops.set(pop.id, revisions);
  noteFault(athlete, newest(revisions));
  if (athlete.pops.size <= POPS_KEPT) return;
  const shown = new Set([m.explained, ...shownPops(athlete, kitOf(m, pop.kit)).map(({ id }) => id)]);
  for (const id of athlete.pops.keys()) {
    if (athlete.pops.size <= POPS_KEPT) return;
    if (!shown.has(id)) athlete.pops.delete(id);
  }
}
