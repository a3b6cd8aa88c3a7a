// SPDX-License-Identifier: MIT
/* A symptom in three taps: the card, the place, the word. */
import { useSignal } from '@preact/signals';
import { open, report, view } from '../app';
import type { CommandSymptom } from '../../generated/types';
import { Body, type Place } from './body';
import { SheetFrame } from './sheets';
import { Tabs } from './tabs';
import { ui, word } from './words';

const WORDS = ['sharp', 'shooting', 'stinging', 'radiating', 'numb', 'catching', 'locking', 'giving_way', 'discomfort'] as const;
const STRENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

const placeText = ({ site, side }: Place): string => [word('site', site), word('side', side)].filter(Boolean).join(', ');

function Strength({ value, set }: { value: number | null; set: (value: number | null) => void }) {
  return (
    <fieldset class="strength">
      <legend>{ui('how_strong')}</legend>
      {STRENGTHS.map((each) => (
        <button key={each} type="button" aria-pressed={value === each} onClick={() => set(value === each ? null : each)}>{each}</button>
      ))}
    </fieldset>
  );
}

export function SymptomSheet({ athlete }: { athlete: string }) {
  const place = useSignal<Place | null>(null);
  const strength = useSignal<number | null>(null);
  const isAsked = view.value.cards.some((card) => card.athlete === athlete && card.state === 'ask');
  const denyPain = (): void => {
    open(null);
    void report({ athlete, code: 'none' });
  };
  const send = (code: (typeof WORDS)[number]): void => {
    const body: Omit<CommandSymptom, 'source'> = { athlete, code, site: place.value!.site, side: place.value!.side };
    open(null);
    void report(strength.value === null ? body : { ...body, intensity: strength.value });
  };
  return (
    <SheetFrame title={athlete} tabs={<Tabs athlete={athlete} active="symptom" />}>
      <div class="symptom-parts">
        <section>
          <h3>1. {place.value ? placeText(place.value) : ui('where')}</h3>
          <Body chosen={place.value} choose={(each) => { place.value = each; }} />
        </section>
        <section>
          <h3>2. {ui('what', athlete)}</h3>
          <div class="words">
            {WORDS.map((code) => <button key={code} type="button" data-symptom={code} disabled={!place.value} onClick={() => send(code)}>{word('symptom', code)}</button>)}
            {isAsked && <button type="button" class="act" onClick={denyPain}>{ui('no_pain')}</button>}
          </div>
          <Strength value={strength.value} set={(each) => { strength.value = each; }} />
        </section>
      </div>
    </SheetFrame>
  );
}
