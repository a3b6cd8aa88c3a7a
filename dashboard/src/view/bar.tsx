// SPDX-License-Identifier: MIT
import { muted, onlyProblems, open, toggleMute, view } from '../app';
import { allowSound, canSound } from '../edge/audio';
import { gym, trainer } from '../edge/settings';
import { duration } from '../texts';
import { clockTime, Glyph, ui, type Shape } from './words';

const LIVE_MS = 2000;

function Count({ name, shape, text, count }: { name: string; shape: Shape; text: string; count: number }) {
  return (
    <span class={`count ${name} ${count ? '' : 'is-none'}`}>
      <Glyph shape={shape} />{text} <b>{count}</b>
    </span>
  );
}

function Counts() {
  const { stop, correct, ask, technical } = view.value.counts;
  return (
    <div class="counts">
      <Count name="stop" shape="square" text={ui('stop')} count={stop} />
      <Count name="correct" shape="triangle" text={ui('correct_short')} count={correct} />
      <Count name="ask" shape="circle" text={ui('ask')} count={ask} />
      <Count name="technical" shape="sensor" text={ui('sensors')} count={technical} />
    </div>
  );
}

function Age() {
  const { data_age_ms, stale, cards } = view.value;
  if (data_age_ms === null) {
    const isIdle = !stale && cards.length > 0 && cards.every(({ athlete }) => !athlete);
    return <span class="age">{ui(isIdle ? 'nobody' : 'no_data')}</span>;
  }
  const isLive = !stale && data_age_ms < LIVE_MS;
  return <span class={`age ${isLive ? 'is-live' : 'is-old'}`}>{ui(isLive ? 'live' : 'old', duration(data_age_ms))}</span>;
}

function SoundButton() {
  if (!canSound.value) return <button type="button" class="warn" onClick={() => void allowSound()}>{ui('sound_on')}</button>;
  const left = Math.ceil(muted.value / 1000);
  return (
    <button type="button" id="mute" aria-pressed={left > 0} class={left > 0 ? 'warn' : ''} onClick={toggleMute}>
      {left > 0 ? ui('muted', left) : ui('mute')}
    </button>
  );
}

const gymName = (): string => gym.value?.split('/').pop() ?? 'coxad';

export function Bar() {
  return (
    <header class="bar">
      <h1>{gymName()}</h1>
      <time class="clock">{clockTime(view.value.time, false)}</time>
      <Counts />
      <Age />
      <span class="space" />
      <button type="button" aria-pressed={onlyProblems.value} onClick={() => { onlyProblems.value = !onlyProblems.value; }}>{ui('only_problems')}</button>
      <SoundButton />
      <button type="button" id="who" class={trainer.value ? '' : 'warn'} onClick={() => open({ kind: 'who' })}>
        {trainer.value ? ui('trainer', trainer.value) : ui('no_trainer')}
      </button>
      <button type="button" id="menu" aria-label={ui('menu')} title={ui('menu')} onClick={() => open({ kind: 'menu' })}>☰</button>
    </header>
  );
}
