// SPDX-License-Identifier: MIT
/* From one sheet of an athlete to the others. */
import { open, view } from '../app';
import { ui } from './words';

export function Tabs({ athlete }: { athlete: string }) {
  const card = view.value.cards.find((each) => each.athlete === athlete);
  return (
    <div class="tabs">
      {card?.last_pop && <button type="button" onClick={() => open({ kind: 'explain', athlete, pop: card.last_pop!.id })}>{ui('explain')}</button>}
      <button type="button" onClick={() => open({ kind: 'history', athlete })}>{ui('history')}</button>
      {card && <button type="button" onClick={() => open({ kind: 'calibration', kit: card.kit })}>{ui('calibrate')}</button>}
      {card && <button type="button" onClick={() => open({ kind: 'session', kit: card.kit })}>{ui('session')}</button>}
      {card?.alert && <button type="button" onClick={() => open({ kind: 'clear', athlete })}>{ui('clear')}</button>}
    </div>
  );
}
