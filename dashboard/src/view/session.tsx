// SPDX-License-Identifier: MIT
/* Who is on a mat, and doing what. Starting with another athlete hands the mat over. */
import { useSignal } from '@preact/signals';
import { closing, endAll, endSession, model, open, startSession, view } from '../app';
import { exercises } from './lists';
import { SheetFrame } from './sheets';
import { TabsOfKit } from './tabs';
import { dayTime, ui, word } from './words';

/* Everybody the gateways and this page know, less those who train elsewhere. */
function roster(kit: string): string[] {
  const configured = [...model.gateways.values()].flatMap((gateway) => gateway.inventory?.kits.map((each) => each.athlete) ?? []);
  const names = new Set([...configured.filter((name): name is string => name !== null), ...model.athletes.keys()]);
  for (const card of view.value.cards) if (card.athlete && card.kit !== kit) names.delete(card.athlete);
  return [...names].sort();
}

function Start({ kit, current }: { kit: string; current: string | null }) {
  const card = view.value.cards.find((each) => each.kit === kit);
  const athlete = useSignal(current ?? '');
  const exercise = useSignal(card?.exercise ?? 'none');
  const begin = (event: Event) => {
    event.preventDefault();
    const close = closing();
    void startSession(kit, athlete.value.trim(), exercise.value).then((answer) => answer.ok && close());
  };
  const names = roster(kit);
  /* What is under way is not started again. */
  const isSame = current !== null && current === athlete.value.trim() && exercise.value === card?.exercise;
  return (
    <form onSubmit={begin}>
      {names.length > 0 && <fieldset class="roster">
        <legend>{ui('roster')}</legend>
        {names.map((name) => <button key={name} type="button" aria-pressed={athlete.value === name} onClick={() => { athlete.value = name; }}>{name}</button>)}
      </fieldset>}
      <label>{ui('athlete')}<input name="athlete" maxLength={32} required value={athlete.value} autocomplete="off" onInput={(event) => { athlete.value = event.currentTarget.value; }} /></label>
      <label>{ui('exercise')}
        <select name="exercise" value={exercise.value} onChange={(event) => { exercise.value = event.currentTarget.value; }}>
          {exercises.map((each) => <option key={each} value={each}>{word('exercise', each)}</option>)}
        </select>
      </label>
      <button type="submit" class="act" disabled={isSame}>{ui(current && current !== athlete.value ? 'hand_over' : 'start')}</button>
    </form>
  );
}

export function SessionSheet({ kit }: { kit: string }) {
  void view.value;
  const session = model.kits.get(kit)?.session ?? null;
  const isSure = useSignal(false);
  const end = () => {
    const close = closing();
    if (!isSure.value) isSure.value = true;
    else void endSession(kit).then((answer) => answer.ok && close());
  };
  return (
    <SheetFrame title={ui('session_of', kit)} tabs={<TabsOfKit kit={kit} active="session" />}>
      {session && (
        <div class="choices">
          <p>{session.athlete}, {word('exercise', session.exercise)}, {ui('since', dayTime(session.since))}</p>
          <button type="button" id="end" class={isSure.value ? 'act' : ''} onClick={end}>{isSure.value ? ui('end_sure', session.athlete) : ui('end')}</button>
        </div>
      )}
      <Start kit={kit} current={session?.athlete ?? null} />
    </SheetFrame>
  );
}

export function EndAllSheet() {
  void view.value;
  const list = [...model.kits.values()].filter((kit) => kit.session !== null);
  const end = () => {
    const close = closing();
    void endAll(list.map(({ name }) => name)).then((isDone) => isDone && close());
  };
  return (
    <SheetFrame title={ui('end_all')}>
      <p>{ui('end_all_sure')}</p>
      <p><b>{list.map(({ session }) => session!.athlete).sort().join(', ')}</b></p>
      <div class="choices">
        <button type="button" id="end-all" class="act" disabled={list.length === 0} onClick={end}>{ui('end_all')}</button>
        <button type="button" onClick={() => open(null)}>{ui('cancel')}</button>
      </div>
    </SheetFrame>
  );
}
