// SPDX-License-Identifier: MIT
import { useComputed, useSignal } from '@preact/signals';
import { closing, model, override, view } from '../app';
import { explain, type ExplainView } from '../core/explain';
import { Chart } from './chart';
import { SheetFrame } from './sheets';
import { Tabs } from './tabs';
import { dayTime, degrees, ui, word } from './words';

const CLASSES = ['benign', 'form_fault', 'red_flag', 'review', 'not_a_pop'] as const;
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

function Around({ told }: { told: ExplainView }) {
  if (told.samples.length < 2) return <p class="empty">{ui('no_posture')}</p>;
  const x = told.samples.map((sample) => (sample.t_us - told.pop.t_pop_us) / 1e6);
  const flat = (value: number) => told.samples.map(() => value);
  return (
    <Chart name={ui('posture_around')} x={x} axis={ui('from_pop')} tick={(s) => `${Number(s.toFixed(1))} s`} lines={[
      { text: ui('leg_left'), colour: '--left', values: told.samples.map((s) => known(s.left_deg)) },
      { text: ui('leg_right'), colour: '--right', values: told.samples.map((s) => known(s.right_deg)) },
      { text: ui('low_back'), colour: '--tilt', values: told.samples.map((s) => known(s.tilt_deg)) },
      { text: `${ui('limit')} ${ui('low_back')}`, colour: '--tilt', values: flat(told.zone.fault_deg), isDashed: true },
      { text: ui('control_angle'), colour: '--soft', values: flat(told.control_deg), isDashed: true },
    ]} />
  );
}

function Form({ told }: { told: ExplainView }) {
  /* The largest part can be 60 points. */
  const most = 60;
  return (
    <dl class="form">
      {told.form.map(({ part, points }) => (
        <div key={part} class={points ? 'is-in' : ''}>
          <dt>{word('form', part)}</dt>
          <dd><span class="track"><i style={{ transform: `scaleX(${Math.min(1, (points ?? 0) / most)})` }} /></span><b>{points === null ? '–' : Math.round(points)}</b></dd>
        </div>
      ))}
    </dl>
  );
}

function Revisions({ told }: { told: ExplainView }) {
  return (
    <ol class="revisions">
      {told.revisions.map((each) => (
        <li key={each.rev}><b>{word('class', each.class)}</b> {word('pop_state', each.state)} {each.override ? ui('by', each.override.by) + (each.override.reason ? `: ${each.override.reason}` : '') : ''}</li>
      ))}
    </ol>
  );
}

function Override({ told }: { told: ExplainView }) {
  const choice = useSignal<string>(told.pop.class);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get('reason') ?? '').trim();
    const close = closing();
    void override(told.pop.id, choice.value, reason).then((isDone) => isDone && close());
  };
  return (
    <form class="override" onSubmit={onSubmit}>
      <label>{ui('override_as')}
        <select value={choice.value} onChange={(event) => { choice.value = event.currentTarget.value; }}>{CLASSES.map((each) => <option key={each} value={each}>{word('class', each)}</option>)}</select>
      </label>
      <label>{ui('override_reason')}<input name="reason" maxLength={60} required /></label>
      <button type="submit">{ui('override')}</button>
    </form>
  );
}

export function ExplainSheet({ athlete, pop }: { athlete: string; pop: string }) {
  /* Drawn again only when there is more to tell: the chart is dear. */
  const news = useComputed(() => {
    void view.value;
    const now = explain(model, athlete, pop);
    return now ? `${now.revisions.length} ${now.samples.length}` : '';
  });
  void news.value;
  const told = explain(model, athlete, pop);
  const tabs = <Tabs athlete={athlete} active="explain" />;
  if (!told) return <SheetFrame title={ui('explain_of', athlete)} tabs={tabs}><p class="empty">{ui('nothing')}</p></SheetFrame>;
  const { pop: now } = told;
  const total = now.confidence.total;
  return (
    <SheetFrame title={ui('explain_of', athlete)} tabs={tabs}>
      <p class="big">{word('class', now.class)}</p>
      <p>{[dayTime(now.time), now.site ? word('placement', now.site) : '', word('phase', now.phase), degrees(now.elevation_deg), total === null ? '' : ui('confidence', Math.round(total * 100))].filter(Boolean).join(' · ')}</p>
      <h3>{ui('why')}</h3>
      <ul class="reasons">{now.reasons.map((code) => <li key={code}>{word('code', code)}</li>)}</ul>
      <h3>{ui('posture_around')}</h3>
      <Around told={told} />
      <h3>{ui('form', told.form_limit)}</h3>
      <Form told={told} />
      <h3>{ui('revisions')}</h3>
      <Revisions told={told} />
      <Override told={told} />
    </SheetFrame>
  );
}
