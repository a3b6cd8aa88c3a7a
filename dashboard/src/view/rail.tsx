// SPDX-License-Identifier: MIT
import { acknowledge, open, view } from '../app';
import type { HealthEntry, RailEntry } from '../core/view';
import { duration } from '../texts';
import { Glyph, SHAPE, stateWord, told, ui, word } from './words';

function Entry({ entry }: { entry: RailEntry }) {
  const reason = told(entry.reasons)[0];
  return (
    <li class={`entry ${entry.state} ${entry.is_acknowledged ? 'is-acknowledged' : ''}`}>
      <button type="button" class="entry-open" onClick={() => open({ kind: 'symptom', athlete: entry.athlete })}>
        <Glyph shape={SHAPE[entry.state]} />
        <span><b>{entry.athlete}</b> {stateWord(entry.state)}</span>
        <span class="age">{entry.late_ms ? ui('late', duration(entry.late_ms)) : duration(entry.age_ms)}</span>
        {reason && <span class="reason">{word('code', reason)}</span>}
      </button>
      {entry.alert && !entry.is_acknowledged && (
        <button type="button" class="act" aria-label={`${ui('acknowledge')}: ${entry.athlete}`} onClick={() => void acknowledge(entry.alert!)}>
          {ui('acknowledge')}
        </button>
      )}
    </li>
  );
}

const Health = ({ problem }: { problem: HealthEntry }) => (
  <li class="entry technical">
    <div class="entry-open" title={problem.text}>
      <Glyph shape="sensor" />
      <span><b>{problem.subject}</b> {word('health', problem.code)}</span>
      <span class="reason">{problem.text}</span>
    </div>
  </li>
);

export function Rail() {
  const { rail, health, gone } = view.value;
  return (
    <nav class="rail" aria-label={ui('alerts')}>
      <h2>{ui('alerts')}</h2>
      {rail.length + health.length + gone.length === 0 && <p class="empty">{ui('none_open')}</p>}
      <ul>
        {rail.map((entry) => <Entry key={entry.id} entry={entry} />)}
        {gone.map((name) => (
          <li key={name} class="entry technical"><div class="entry-open"><Glyph shape="sensor" /><span><b>{name}</b> {ui('gateway_gone')}</span></div></li>
        ))}
        {health.map((problem) => <Health key={`${problem.gateway} ${problem.code} ${problem.subject}`} problem={problem} />)}
      </ul>
    </nav>
  );
}
