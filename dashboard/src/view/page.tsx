// SPDX-License-Identifier: MIT
import { effect } from '@preact/signals';
import { isLit, notice, onlyProblems, view } from '../app';
import { isStorageBroken, language, theme } from '../edge/settings';
import { Bar } from './bar';
import { Card } from './card';
import { onKey } from './keys';
import { Rail } from './rail';
import { SheetHost } from './sheets';
import { clockTime, ui } from './words';

effect(() => {
  document.documentElement.lang = language.value;
  document.documentElement.dataset['theme'] = theme.value;
  document.title = ui('title');
});
effect(() => { document.documentElement.classList.toggle('is-lit', isLit.value); });
addEventListener('keydown', onKey);

function Banner() {
  const { stale, stale_since, link } = view.value;
  if (!stale) return null;
  const text = link === 'connecting' ? ui('connecting') : stale_since === null ? ui('unreachable') : ui('old_since', clockTime(stale_since));
  return <p class="banner" role="status">{text}</p>;
}

function Notice() {
  const told = notice.value;
  if (!told) return null;
  return (
    <div class={`notice ${told.isError ? 'is-error' : ''}`} role={told.isError ? 'alert' : 'status'}>
      <span>{told.text}</span>
      <button type="button" class="quiet" onClick={() => { notice.value = null; }}>{ui('close')}</button>
    </div>
  );
}

function Grid() {
  const cards = view.value.cards.filter((card) => !onlyProblems.value || !['idle', 'benign'].includes(card.state) || card.technical.length > 0);
  if (view.value.cards.length === 0) return <p class="empty">{ui('no_mats')}</p>;
  if (cards.length === 0) {
    return <p class="empty">{ui('no_problems')} <button type="button" id="all" onClick={() => { onlyProblems.value = false; }}>{ui('clear_filter')}</button></p>;
  }
  return <div class="grid">{cards.map((card) => <Card key={card.kit} card={card} />)}</div>;
}

function Footer() {
  return (
    <footer>
      {isStorageBroken.value && <p class="aside">{ui('storage')}</p>}
      <p>{ui('footer_aid')}</p>
      <p><strong>{ui('footer_emergency')}</strong></p>
    </footer>
  );
}

/* Only STOP is read out. One line, so that a screen reader says who, not the whole page. */
function Announcer() {
  const stops = view.value.rail.filter((entry) => entry.state === 'stop' && !entry.is_acknowledged && !entry.late_ms);
  return <p class="unseen" aria-live="assertive">{stops.map((entry) => `${ui('stop')}: ${entry.athlete}`).join('. ')}</p>;
}

export function Page() {
  return (
    <div class={`page ${view.value.stale ? 'is-stale' : ''}`}>
      <a class="skip" href="#mats">{ui('skip')}</a>
      <Bar />
      <Banner />
      <Notice />
      <Rail />
      <main id="mats" tabIndex={-1} aria-label={ui('title')}><Grid /></main>
      <Footer />
      <Announcer />
      <SheetHost />
    </div>
  );
}
