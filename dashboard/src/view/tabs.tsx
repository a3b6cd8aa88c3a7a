// SPDX-License-Identifier: MIT
/* From one sheet of an athlete to the others. Arrows move, Enter opens, as in every list of tabs. */
import { open, view, type Sheet } from '../app';
import type { CardView } from '../core/card';
import { ui } from './words';

export type Tab = 'symptom' | 'explain' | 'history' | 'calibration' | 'session';

const NAME = { symptom: 'symptom', explain: 'explain', history: 'history', calibration: 'calibrate', session: 'session' } as const;

/* The pop for which the card looks as it does; where there is none, the last one. */
const popOf = (card: CardView): string | undefined => card.pop ?? card.last_pop?.id;

function sheetsOf(athlete: string, card: CardView | undefined): [Tab, Sheet][] {
  const pop = card && popOf(card);
  return [
    ['symptom', { kind: 'symptom', athlete }],
    ...(pop ? [['explain', { kind: 'explain', athlete, pop }] as [Tab, Sheet]] : []),
    ['history', { kind: 'history', athlete }],
    ...(card ? [['calibration', { kind: 'calibration', kit: card.kit }], ['session', { kind: 'session', kit: card.kit }]] as [Tab, Sheet][] : []),
  ];
}

function onKeyDown(event: KeyboardEvent): void {
  const all = [...(event.currentTarget as HTMLElement).children] as HTMLElement[];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = ({ ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 } as Record<string, number>)[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all.at(to % all.length)!.focus();
}

export function Tabs({ athlete, active }: { athlete: string; active: Tab }) {
  const card = view.value.cards.find((each) => each.athlete === athlete);
  return (
    <div class="sheet-tabs">
      <div class="tabs" role="tablist" aria-label={athlete} onKeyDown={onKeyDown}>
        {sheetsOf(athlete, card).map(([tab, to]) => (
          <button key={tab} type="button" role="tab" data-tab={tab} aria-selected={tab === active} tabIndex={tab === active ? 0 : -1} autofocus={tab === active}
            onClick={() => { if (tab !== active) open(to); }}>{ui(NAME[tab])}</button>
        ))}
      </div>
      {card?.alert && card.is_acknowledged && <button type="button" onClick={() => open({ kind: 'clear', athlete })}>{ui('clear')}</button>}
    </div>
  );
}

/** The tabs of who is on a mat; a free mat has none. */
export function TabsOfKit({ kit, active }: { kit: string; active: Tab }) {
  const athlete = view.value.cards.find((each) => each.kit === kit)?.athlete;
  return athlete ? <Tabs athlete={athlete} active={active} /> : null;
}
