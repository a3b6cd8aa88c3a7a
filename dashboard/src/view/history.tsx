// SPDX-License-Identifier: MIT
/* An athlete across sessions, from the gateway's journal, and the printed summary. */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { HistoryEntry, Summary } from '../../generated/types';
import { history } from '../app';
import { Chart } from './chart';
import { SheetFrame } from './sheets';
import { Tabs } from './tabs';
import { dayTime, degrees, stateWord, told, ui, word } from './words';

/* 25 pages of 200: years of a diligent athlete. */
const PAGES_MAX = 25;
const EVENTS_SHOWN = 60;

async function load(athlete: string, give: (entries: HistoryEntry[]) => void): Promise<boolean> {
  let [since, entries] = ['0', [] as HistoryEntry[]];
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await history(athlete, since);
    if (!answer) return false;
    entries = [...entries, ...answer.entries];
    give(entries);
    if (answer.next === null) break;
    since = answer.next;
  }
  return true;
}

const summaries = (entries: HistoryEntry[]): Summary[] => entries.flatMap((entry) => (entry.kind === 'summary' ? [entry.event] : []));

function Sessions({ list }: { list: Summary[] }) {
  const heads = [ui('date'), ui('exercise'), ui('rep_title'), word('class', 'benign'), word('class', 'form_fault'), word('class', 'review'), ui('stop'), ui('range'), ui('control_angle')];
  return (
    <div class="scroll" tabIndex={0}>
      <table>
        <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
        <tbody>
          {list.map((s) => (
            <tr key={`${s.since} ${s.time}`}>
              <td>{dayTime(s.since)}</td><td>{word('exercise', s.exercise)}</td><td>{s.reps} ({ui('faulty', s.faulty_reps)})</td><td>{s.pops.benign}</td>
              <td>{s.pops.form_fault}</td><td>{s.pops.review}</td><td>{s.pops.red_flag + s.pops.symptom_only}</td><td>{degrees(s.range_deg)}</td><td>{degrees(s.control_angle_deg)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Trends({ list }: { list: Summary[] }) {
  if (list.length < 2) return null;
  return (
    <Chart name={ui('control_angle')} x={list.map((_, i) => i)} axis={ui('date')} tick={(i) => (Number.isInteger(i) && list[i] ? dayTime(list[i].since).split(/[, ]/)[0]! : '')} lines={[
      { text: ui('control_angle'), colour: '--tilt', values: list.map((s) => s.control_angle_deg) },
      { text: ui('range'), colour: '--left', values: list.map((s) => s.range_deg) },
    ]} />
  );
}

type Event<K extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: K }>['event'];

const joined = (...parts: (string | null | undefined | false)[]): string => parts.filter(Boolean).join(' · ');
const byWhom = (by: string | null): string => (by === null ? '' : ui('by', word('teller', by)));

function popText({ class: of, site, elevation_deg }: Event<'pop'>): string {
  return joined(word('class', of), site && word('placement', site), elevation_deg !== null && degrees(elevation_deg));
}

/* Whoever acknowledged it is still named when it changes later. */
function alertText({ severity, class: of, state, by, reasons }: Event<'alert'>): string {
  const name = stateWord(severity >= 3 ? 'stop' : of === 'review' ? 'call' : 'ask');
  const isAct = state === 'acknowledged' || state === 'cleared';
  const what = [word('alert_state', state), isAct && byWhom(by)].filter(Boolean).join(' ');
  return joined(`${name}: ${what}`, ...told(reasons).map((code) => word('code', code)));
}

function actText({ act, symptom, class: of, exercise, reason, by }: Event<'act'>): string {
  const felt = symptom && [word('symptom', symptom.code), word('site', symptom.site), word('side', symptom.side)].filter(Boolean).join(', ');
  return joined(word('act', act), felt, of && word('class', of), exercise && word('exercise', exercise), reason, byWhom(by));
}

function eventText(entry: HistoryEntry): string | null {
  switch (entry.kind) {
    case 'pop': return popText(entry.event);
    case 'alert': return alertText(entry.event);
    /* The alert says so itself. */
    case 'act': return entry.event.act === 'acknowledge' ? null : actText(entry.event);
    default: return null;
  }
}

function Events({ entries }: { entries: HistoryEntry[] }) {
  const shown = entries.map((entry) => ({ entry, text: eventText(entry) })).filter(({ text }) => text !== null).slice(-EVENTS_SHOWN).reverse();
  return <ol class="events">{shown.map(({ entry, text }) => <li key={entry.cursor}><time>{dayTime(entry.time)}</time> {text}</li>)}</ol>;
}

export function HistorySheet({ athlete }: { athlete: string }) {
  const entries = useSignal<HistoryEntry[]>([]);
  const state = useSignal<'loading' | 'done' | 'failed'>('loading');
  const begin = () => {
    state.value = 'loading';
    void load(athlete, (all) => { entries.value = all; }).then((isDone) => { state.value = isDone ? 'done' : 'failed'; });
  };
  useSignalEffect(begin);
  const list = summaries(entries.value);
  return (
    <SheetFrame title={ui('history_of', athlete)} tabs={<Tabs athlete={athlete} active="history" />}>
      <div class="choices"><button type="button" onClick={() => print()}>{ui('print')}</button></div>
      {state.value === 'loading' && <p role="status">{ui('loading')}</p>}
      {/* Without an answer nobody knows what is stored. */ state.value === 'failed' && <button type="button" id="retry" onClick={begin}>{ui('again')}</button>}
      {state.value === 'done' && entries.value.length === 0 && <p class="empty">{ui('nothing')}</p>}
      {list.length > 0 && <><h3>{ui('sessions')}</h3><Sessions list={list} /><Trends list={list} /></>}
      {entries.value.length > 0 && <><h3>{ui('events')}</h3><Events entries={entries.value} /></>}
      <p class="print-only">{ui('footer_aid')}</p>
    </SheetFrame>
  );
}
