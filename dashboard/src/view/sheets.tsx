// SPDX-License-Identifier: MIT
/* One sheet at a time, over the page: a modal dialog, so that keyboard and screen reader stay in it. */
import type { ComponentChildren } from 'preact';
import { open, sheet, type Sheet } from '../app';
import { CalibrationSheet } from './calibration';
import { ExplainSheet } from './explain';
import { HistorySheet } from './history';
import { EndAllSheet, SessionSheet } from './session';
import { ClearSheet, GymsSheet, HelpSheet, LoginSheet, MenuSheet, WhoSheet } from './settings';
import { SymptomSheet } from './symptom';
import { ui } from './words';

export function SheetFrame({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <header class="sheet-head">
        <h2>{title}</h2>
        <button type="button" class="close" aria-label={ui('close')} title={ui('hint_close')} onClick={() => open(null)}>✕</button>
      </header>
      <div class="sheet-body">{children}</div>
    </>
  );
}

function content(what: Sheet) {
  switch (what.kind) {
    case 'symptom': return <SymptomSheet athlete={what.athlete} />;
    case 'history': return <HistorySheet athlete={what.athlete} />;
    case 'calibration': return <CalibrationSheet kit={what.kit} />;
    case 'session': return <SessionSheet kit={what.kit} />;
    case 'explain': return <ExplainSheet athlete={what.athlete} pop={what.pop} />;
    case 'end-all': return <EndAllSheet />;
    case 'clear': return <ClearSheet athlete={what.athlete} />;
    case 'who': return <WhoSheet />;
    case 'menu': return <MenuSheet />;
    case 'login': return <LoginSheet />;
    case 'gyms': return <GymsSheet />;
    case 'help': return <HelpSheet />;
  }
}

const show = (dialog: HTMLDialogElement | null): void => {
  if (dialog && !dialog.open) dialog.showModal();
};

export function SheetHost() {
  const what = sheet.value;
  if (!what) return null;
  const onClick = (event: MouseEvent) => { if (event.target === event.currentTarget) open(null); };
  return (
    <dialog key={JSON.stringify(what)} class={`sheet ${what.kind}`} ref={show} onClose={() => { if (sheet.value === what) open(null); }} onClick={onClick}>
      {content(what)}
    </dialog>
  );
}
