// SPDX-License-Identifier: MIT
/* The keyboard: what a finger can do, keys can. */
import { acknowledge, onlyProblems, open, sheet, toggleMute, view } from '../app';

const buttons = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.card-open')];

/* The next card to the side, or the nearest in the row above or below. */
function move(key: string): void {
  const all = buttons();
  const at = all.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return all[0]?.focus();
  if (key === 'ArrowRight' || key === 'ArrowLeft') return all[at + (key === 'ArrowRight' ? 1 : -1)]?.focus();
  const here = all[at]!.getBoundingClientRect();
  const row = (each: HTMLElement) => (each.getBoundingClientRect().top - here.top) * (key === 'ArrowDown' ? 1 : -1);
  const side = (each: HTMLElement) => Math.abs(each.getBoundingClientRect().left - here.left);
  all.filter((each) => row(each) > 4).sort((a, b) => row(a) - row(b) || side(a) - side(b))[0]?.focus();
}

const chosen = (): string | undefined => (document.activeElement as HTMLElement | null)?.dataset?.['kit'];

function acknowledgeChosen(): void {
  const card = view.value.cards.find((each) => each.kit === chosen());
  const alert = card ? card.alert : view.value.rail.find((entry) => entry.alert && !entry.is_acknowledged)?.alert;
  if (alert) void acknowledge(alert);
}

function symptomOfChosen(): void {
  const athlete = view.value.cards.find((each) => each.kit === chosen())?.athlete;
  if (athlete) open({ kind: 'symptom', athlete });
}

const KEYS: Record<string, () => void> = {
  a: acknowledgeChosen,
  s: symptomOfChosen,
  m: toggleMute,
  p: () => { onlyProblems.value = !onlyProblems.value; },
  '?': () => open({ kind: 'help' }),
};

export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || sheet.value) return;
  if ((event.target as Element).closest?.('input, select, textarea')) return;
  if (event.key.startsWith('Arrow')) move(event.key);
  else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]!();
  else return;
  event.preventDefault();
}
