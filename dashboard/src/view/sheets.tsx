// SPDX-License-Identifier: MIT
/* One sheet at a time, over the page: a modal dialog, so that keyboard and screen reader stay in it. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { open, sheet, type Sheet } from '../app';
import { CalibrationSheet } from './calibration';
import { ExplainSheet } from './explain';
import { HistorySheet } from './history';
import { RadiosSheet } from './radios';
import { EndAllSheet, SessionSheet } from './session';
import { ClearSheet, GymsSheet, HelpSheet, LoginSheet, MenuSheet, WhoSheet } from './settings';
import { SymptomSheet } from './symptom';
import { ui } from './words';

export function SheetFrame({ title, tabs, children }: { title: string; tabs?: ComponentChildren; children: ComponentChildren }) {
  return (
    <>
      <header class="sheet-head">
        <h2 id="sheet-title">{title}</h2>
        <button type="button" class="close" aria-label={ui('close')} title={ui('hint_close')} onClick={() => open(null)}>✕</button>
      </header>
      {tabs}
      <div class="sheet-body" {...(tabs ? { role: 'tabpanel', 'aria-label': title } : {})}>{children}</div>
    </>
  );
}

function Content({ what }: { what: Sheet }) {
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
    case 'radios': return <RadiosSheet />;
    case 'help': return <HelpSheet />;
  }
}

/* One dialog for whatever is in it, closed before it goes: so it gives the focus back to what opened it. */
function Dialog({ what }: { what: Sheet }) {
  const place = useRef<HTMLDialogElement>(null);
  const key = JSON.stringify(what);
  useLayoutEffect(() => {
    const dialog = place.current!;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  useLayoutEffect(() => {
    const dialog = place.current!;
    dialog.scrollTop = 0;
    dialog.querySelector<HTMLElement>('[autofocus]')?.focus();
    if (!dialog.contains(document.activeElement)) dialog.focus();
  }, [key]);
  const onClick = (event: MouseEvent) => { if (event.target === event.currentTarget) open(null); };
  return (
    <dialog class={`sheet ${what.kind}`} tabIndex={-1} aria-labelledby="sheet-title" ref={place} onClose={() => { if (sheet.value === what) open(null); }} onClick={onClick}>
      <Content key={key} what={what} />
    </dialog>
  );
}

export const SheetHost = () => (sheet.value ? <Dialog what={sheet.value} /> : null);
