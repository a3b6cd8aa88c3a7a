// SPDX-License-Identifier: MIT
import { acknowledge, open, report } from '../app';
import type { CardView } from '../core/card';
import { areLearnt } from '../core/model';
import type { Technical } from '../core/technical';
import { duration, fill } from '../texts';
import { degrees, Glyph, SHAPE, stateWord, told, ui, word } from './words';

/* What the bars span, in degrees. */
const ELEVATION = [0, 90] as const;
const TILT = [-6, 18] as const;

const share = ([from, to]: readonly [number, number], deg: number): number => (Math.min(to, Math.max(from, deg)) - from) / (to - from);
const percent = (part: number): string => `${(part * 100).toFixed(1)}%`;

interface BarProps {
  text: string;
  range: readonly [number, number];
  value: number | null;
  age: number | null;
  mark?: number;
  zone?: [number, number];
}

/* A number that is not live becomes a dash with its age. */
function Gauge({ text, range, value, age, mark, zone }: BarProps) {
  const shown = value === null ? `–${age !== null && age > 2000 ? ` ${duration(age)}` : ''}` : degrees(value);
  const isIn = zone !== undefined && value !== null && value >= zone[0];
  return (
    <div class={`gauge ${isIn ? 'is-in' : ''} ${value === null ? 'is-old' : ''}`}>
      <span class="name">{text}</span>
      <span class="track">
        {zone && <i class="zone" style={{ left: percent(share(range, zone[0])), right: percent(1 - share(range, zone[1])) }} />}
        {value !== null && <i class="value" style={{ transform: `scaleX(${share(range, value).toFixed(3)})` }} />}
        {mark !== undefined && <i class="mark" style={{ left: percent(share(range, mark)) }} />}
      </span>
      <span class="number">{shown}</span>
    </div>
  );
}

/* What is wrong, then where: five sensors out of reach are one sentence. */
function technicalTexts(all: Technical[]): string[] {
  const places = new Map<string, string[]>();
  for (const { code, placement, value } of all) {
    const text = fill(word('technical', code), value === null ? '' : Math.round(value));
    places.set(text, [...(places.get(text) ?? []), ...(placement ? [word('placement', placement)] : [])]);
  }
  return [...places].map(([text, where]) => (where.length ? `${text}: ${where.join(', ')}` : text));
}

function Sensors({ card }: { card: CardView }) {
  if (card.technical.length === 0) return null;
  return <p class="sensors"><Glyph shape="sensor" /><span>{technicalTexts(card.technical).join(' · ')}</span></p>;
}

function lacksText(lacks: string[]): string {
  const list = (codes: string[]) => codes.map((code) => word('lack', code)).join(', ');
  if (!areLearnt(lacks)) return ui('lacks', list(lacks));
  const axes = lacks.filter((code) => code !== 'first_raise');
  return axes.length > 0 ? ui('lacks_reps', list(axes)) : ui('lacks_raise');
}

/* Not a fault of a sensor: it has no hatching and no tone. */
function Lacks({ lacks }: { lacks: string[] }) {
  if (lacks.length === 0) return null;
  return <p class="lacks">{lacksText(lacks)}</p>;
}

function Cue({ cue }: { cue: NonNullable<CardView['cue']> }) {
  return <p class="cue">{fill(word('cue', cue.code), cue.argument === null ? '…' : Math.round(cue.argument))}</p>;
}

function Actions({ card }: { card: CardView }) {
  const { athlete, alert } = card;
  if (!athlete) return null;
  const is = (text: string) => `${text}: ${athlete}`;
  if (card.alert && !card.is_acknowledged) {
    return <div class="actions"><button type="button" class="act" aria-label={is(ui('acknowledge'))} onClick={() => void acknowledge(alert!)}>{ui('acknowledge')}</button></div>;
  }
  if (card.alert) {
    return <div class="actions"><button type="button" aria-label={is(ui('clear'))} onClick={() => open({ kind: 'clear', athlete })}>{ui('clear')}</button></div>;
  }
  if (card.state !== 'ask') {
    if (!card.technical.some(({ code }) => code === 'uncalibrated')) return null;
    return <div class="actions"><button type="button" aria-label={is(ui('calibrate'))} onClick={() => open({ kind: 'calibration', kit: card.kit })}>{ui('calibrate')}</button></div>;
  }
  return (
    <div class="actions">
      <button type="button" aria-label={is(ui('no_pain'))} onClick={() => void report({ athlete, code: 'none' })}>{ui('no_pain')}</button>
      <button type="button" class="act" aria-label={is(ui('pain'))} onClick={() => open({ kind: 'symptom', athlete })}>{ui('pain')}</button>
    </div>
  );
}

function Movement({ card }: { card: CardView }) {
  const { zone } = card;
  return (
    <div class="movement">
      <Gauge text={ui('elevation')} range={ELEVATION} value={card.elevation_deg} age={card.posture_age_ms} mark={card.control_deg} />
      <Gauge text={ui('tilt')} range={TILT} value={card.tilt_deg} age={card.posture_age_ms} zone={[zone.fault_deg, TILT[1]]} mark={zone.warn_deg} />
    </div>
  );
}

function Foot({ card }: { card: CardView }) {
  const pop = card.last_pop;
  return (
    <p class="foot">
      <span>{ui('reps', card.reps)}{card.faulty > 0 && <b> · {ui('faulty', card.faulty)}</b>}</span>
      <span>{pop ? ui('last_pop', word('class_short', pop.class), duration(pop.age_ms)) : ui('no_pop')}</span>
    </p>
  );
}

/* With a STOP the reason is worth more than the numbers; an ordinary sound needs none. */
function Why({ card }: { card: CardView }) {
  const reasons = card.state === 'benign' ? [] : told(card.reasons).slice(0, 2);
  const by = card.is_acknowledged && card.by ? ui('acknowledged', card.by) : null;
  if (reasons.length === 0 && !by) return null;
  return <div class="why">{reasons.map((code) => <p key={code}>{word('code', code)}</p>)}{by && <p class="by">{by}</p>}</div>;
}

const openCard = (card: CardView): void => open(card.athlete ? { kind: 'symptom', athlete: card.athlete } : { kind: 'session', kit: card.kit });

const classes = (card: CardView): string => [
  'card', card.state, card.is_acknowledged ? 'is-acknowledged' : '', card.technical.length || (card.stale && card.athlete) ? 'is-technical' : '',
  card.stale ? `is-${card.stale}` : '', card.athlete ? '' : 'is-free',
].join(' ');

function Head({ card }: { card: CardView }) {
  return (
    <h2>
      <button type="button" class="card-open" data-kit={card.kit} onClick={(event) => { event.stopPropagation(); openCard(card); }}>
        <span class="mat">{card.kit}</span>
        <span class="name">{card.athlete ?? ui('free')}</span>
      </button>
      {card.athlete && card.state !== 'idle' && <span class="state"><Glyph shape={SHAPE[card.state]} />{stateWord(card.state)}</span>}
    </h2>
  );
}

export function Card({ card }: { card: CardView }) {
  /* The whole card is a target for a finger; the keyboard has the name. */
  const onClick = (event: Event) => { if (!(event.target as Element).closest('button')) openCard(card); };
  const isIdle = !card.athlete;
  return (
    <article class={classes(card)} data-mat={card.kit} aria-label={`${ui('mat', card.kit)}, ${card.athlete ?? ui('free')}`} onClick={onClick}>
      <Head card={card} />
      <p class="line"><span>{word('exercise', card.exercise)}</span>{card.phase && <b>{word('phase', card.phase)}</b>}</p>
      {!isIdle && (card.cue ? <Cue cue={card.cue} /> : <Movement card={card} />)}
      {!isIdle && <Why card={card} />}
      {!isIdle && <Foot card={card} />}
      <Sensors card={card} />
      <Lacks lacks={card.lacks} />
      <Actions card={card} />
    </article>
  );
}
