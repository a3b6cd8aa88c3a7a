// SPDX-License-Identifier: MIT
/* Guides through the steps: what to do, a ring that fills while it is done, a level, the next step.
 * What reads the model reads the view too: only a signal draws a component again.
 */
import { useSignal, useSignalEffect } from '@preact/signals';
import type { Calibration, CalibrationStepWord } from '../../generated/types';
import { calibrate, identify, model, now, view, watch } from '../app';
import { areLearnt, lacksOf, nextStep, type Wearable } from '../core/model';
import { wearablesOfKit } from '../core/stale';
import { fill } from '../texts';
import { steps } from './lists';
import { SheetFrame } from './sheets';
import { TabsOfKit } from './tabs';
import { ui, word } from './words';

/* Asked for again well before it ends, for as long as the sheet is open. */
const WATCH_S = 30;
const AGAIN_MS = 20_000;
const LIVE_MS = 1500;
const AROUND = 2 * Math.PI * 54;

function Ring({ share, isDone }: { share: number | null; isDone: boolean }) {
  const part = isDone ? 1 : share ?? 0;
  return (
    <svg class={`ring ${isDone ? 'is-done' : ''}`} viewBox="0 0 120 120" role="progressbar" aria-label={ui('quality', '')} aria-valuenow={Math.round(part * 100)} aria-valuemin={0} aria-valuemax={100}>
      <circle cx="60" cy="60" r="54" />
      <circle cx="60" cy="60" r="54" class="part" stroke-dasharray={`${(AROUND * part).toFixed(1)} ${AROUND.toFixed(1)}`} />
      {isDone && <path d="M36 62l17 17 32-36" />}
    </svg>
  );
}

/* Gravity across the sensor's face: in the middle, it lies flat. */
function Bubble({ wearable }: { wearable: Wearable }) {
  void view.value;
  const live = now() - wearable.live_at < LIVE_MS ? wearable.live : null;
  const [x, y] = live?.gravity ?? [0, 0];
  const placement = wearable.status?.placement ?? '';
  const canIdentify = [...model.gateways.values()].some((g) => g.inventory?.wearables.some((w) => w.name === wearable.name && w.orders.includes('identify')));
  return (
    <figure class={`bubble ${live?.is_still ? 'is-still' : ''}`}>
      <svg viewBox="0 0 100 100" role="img" aria-label={word('placement', placement)}>
        <circle cx="50" cy="50" r="46" /><circle cx="50" cy="50" r="15" />
        {live?.gravity && <circle class="ball" cx={50 + 40 * x!} cy={50 - 40 * y!} r="10" />}
      </svg>
      <figcaption>{word('placement', placement)}<br />{live ? ui(live.is_still ? 'still' : 'moving') : ui('bubble_none')}</figcaption>
      {canIdentify && <button type="button" onClick={() => void identify(wearable.name)}>{ui('identify')}</button>}
    </figure>
  );
}

function Step({ kit, step, isNow }: { kit: string; step: (typeof steps)[number]; isNow: boolean }) {
  return (
    <li class={isNow ? 'is-now' : ''}>
      <div><b>{word('step', step)}</b><p>{word('step_how', step)}</p></div>
      <button type="button" data-step={step} onClick={() => void calibrate(kit, step)}>{ui(isNow ? 'again' : 'begin')}</button>
    </li>
  );
}

/* In what a step under way is counted: movements, or percent of the time to hold still, which are not read aloud. */
const WANTED: Record<CalibrationStepWord, number> = {
  'neutral': 100, 'flat-back': 100, 'pelvic-tilts': 3, 'leg-raise-left': 2, 'leg-raise-right': 2, 'clap': 3,
};

const nextText = (next: CalibrationStepWord, last: CalibrationStepWord | undefined): string => (next === last ? ui('again') : ui('next', word('step', next)));

function UnderWay({ told }: { told: Calibration }) {
  return (
    <>
      <p class="big">{told.code ? word('calibration', told.code) : word('step_how', told.step)}</p>
      <p class="awaited" aria-live={WANTED[told.step] === 100 ? 'off' : undefined}>{fill(word('awaited', told.step), Math.round((told.progress ?? 0) * WANTED[told.step]))}</p>
    </>
  );
}

/* What the athlete is to do next; it begins when the trainer says so. */
function Upcoming({ next, last, athlete }: { next: CalibrationStepWord; last: CalibrationStepWord | undefined; athlete: string | null }) {
  return (
    <>
      <p class="big">{word('step_how', next)}</p>
      <p class="awaited">{athlete ? ui('awaits_you', nextText(next, last), athlete) : ui('awaits', nextText(next, last))}</p>
    </>
  );
}

function Guide({ kit }: { kit: string }) {
  void view.value;
  const known = model.kits.get(kit);
  const told = known?.calibration ?? null;
  const next = known ? nextStep(known) : null;
  const lacks = known ? lacksOf(known) : [];
  const isDone = told?.state === 'accepted';
  return (
    <div class={`guide ${told?.state ?? ''}`}>
      <Ring share={told?.progress ?? null} isDone={isDone} />
      <div aria-live="polite">
        <h3>{told ? `${word('step', told.step)}: ${word('step_state', told.state)}` : ui('not_done')}</h3>
        {told?.state === 'running' && <UnderWay told={told} />}
        {told?.code && told.state !== 'running' && <p class="remark">{word('calibration', told.code)}</p>}
        {isDone && told.quality !== null && <p>{ui('quality', Math.round(told.quality * 100))}</p>}
        {next && <Upcoming next={next} last={told?.step} athlete={known?.session?.athlete ?? null} />}
        {next && areLearnt(lacks) && <p class="awaited">{ui('or_begin')}</p>}
        {told?.calibrated && lacks.length === 0 && <p class="good">{ui('done')}</p>}
      </div>
      {next && <button type="button" id="next" class="act" onClick={() => void calibrate(kit, next)}>{nextText(next, told?.step)}</button>}
    </div>
  );
}

function Missing({ lacks }: { lacks: string[] }) {
  if (lacks.length === 0) return null;
  return <section class="missing"><h3>{ui('missing')}</h3><ul>{lacks.map((code) => <li key={code}>{word('lack_how', code)}</li>)}</ul></section>;
}

export function CalibrationSheet({ kit }: { kit: string }) {
  const asked = useSignal(-Infinity);
  useSignalEffect(() => {
    void view.value;
    if (now() - asked.peek() < AGAIN_MS) return;
    asked.value = now();
    void watch(kit, WATCH_S);
  });
  void view.value;
  const known = model.kits.get(kit);
  const step = known?.calibration?.step;
  return (
    <SheetFrame title={ui('calibration_of', kit)} tabs={<TabsOfKit kit={kit} active="calibration" />}>
      <Guide kit={kit} />
      <Missing lacks={known ? lacksOf(known) : []} />
      <h3>{ui('level')}</h3>
      <div class="bubbles">{wearablesOfKit(model, kit).filter((w) => w.status?.placement !== 'room').map((w) => <Bubble key={w.name} wearable={w} />)}</div>
      <ol class="steps">{steps.map((each) => <Step key={each} kit={kit} step={each} isNow={each === step} />)}</ol>
    </SheetFrame>
  );
}
