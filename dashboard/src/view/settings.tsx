// SPDX-License-Identifier: MIT
/* The small sheets: who, settings, login, which gym, keys, symptoms cleared. */
import { clearSymptoms, closing, enterGym, gyms, logIn, model, open, view } from '../app';
import { isAwake } from '../edge/awake';
import { language, readCredentials, setLanguage, setTheme, setTrainer, theme, trainer, type Theme } from '../edge/settings';
import { SheetFrame } from './sheets';
import { ui } from './words';

/* What the daemon takes as `by`: 32 bytes. */
const NAME_BYTES = 32;

function fit(text: string): string {
  let ret = text.trim();
  while (new TextEncoder().encode(ret).length > NAME_BYTES) ret = [...ret].slice(0, -1).join('');
  return ret.trim();
}

const field = (form: EventTarget | null, name: string): string => String(new FormData(form as HTMLFormElement).get(name) ?? '');

export function WhoSheet() {
  const onSubmit = (event: Event) => {
    event.preventDefault();
    setTrainer(fit(field(event.currentTarget, 'name')));
    open(null);
  };
  return (
    <SheetFrame title={ui('who')}>
      <form onSubmit={onSubmit}>
        <label>{ui('who_hint')}<input name="name" maxLength={NAME_BYTES} defaultValue={trainer.value} autocomplete="off" autofocus required /></label>
        <button type="submit" class="act">{ui('save')}</button>
      </form>
    </SheetFrame>
  );
}

export function LoginSheet() {
  const isRefused = view.value.link === 'refused' && readCredentials() !== null;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    logIn({ user: field(event.currentTarget, 'user'), password: field(event.currentTarget, 'password') });
  };
  return (
    <SheetFrame title={ui('log_in')}>
      <form onSubmit={onSubmit}>
        <p role={isRefused ? 'alert' : undefined} class={isRefused ? 'error' : ''}>{ui(isRefused ? 'login_refused' : 'login_hint')}</p>
        <label>{ui('user')}<input name="user" autocomplete="username" autofocus required /></label>
        <label>{ui('password')}<input name="password" type="password" autocomplete="current-password" /></label>
        <button type="submit" class="act">{ui('log_in')}</button>
      </form>
    </SheetFrame>
  );
}

export const GymsSheet = () => (
  <SheetFrame title={ui('gyms')}>
    <div class="choices">{gyms.value.map((base) => <button key={base} type="button" onClick={() => enterGym(base)}>{base.split('/').pop()}</button>)}</div>
  </SheetFrame>
);

export const HelpSheet = () => <SheetFrame title={ui('menu')}><p>{ui('shortcuts')}</p></SheetFrame>;

export function ClearSheet({ athlete }: { athlete: string }) {
  const clear = () => {
    const close = closing();
    void clearSymptoms(athlete).then((isDone) => isDone && close());
  };
  return (
    <SheetFrame title={ui('clear')}>
      <p>{ui('clear_sure', athlete)}</p>
      <div class="choices">
        <button type="button" id="clear" class="act" onClick={clear}>{ui('clear')}</button>
        <button type="button" onClick={() => open(null)}>{ui('cancel')}</button>
      </div>
    </SheetFrame>
  );
}

const NEXT_THEME: Record<Theme, Theme> = { auto: 'dark', dark: 'light', light: 'auto' };

export function MenuSheet() {
  view.value; /* what is offered follows the messages */
  const ignored = Object.values(model.refused).reduce((sum, count) => sum + count, 0);
  return (
    <SheetFrame title={ui('menu')}>
      <div class="choices is-column">
        <button type="button" id="language" onClick={() => setLanguage(language.value === 'en' ? 'de' : 'en')}>{ui('language')}</button>
        <button type="button" id="theme" onClick={() => setTheme(NEXT_THEME[theme.value])}>{ui('theme', ui(`theme_${theme.value}`))}</button>
        <button type="button" onClick={() => open({ kind: 'who' })}>{trainer.value ? ui('trainer', trainer.value) : ui('no_trainer')}</button>
        {gyms.value.length > 1 && <button type="button" onClick={() => open({ kind: 'gyms' })}>{ui('gyms')}</button>}
        {[...model.kits.values()].some(({ session }) => session !== null) &&
          <button type="button" onClick={() => open({ kind: 'end-all' })}>{ui('end_all')}</button>}
        {[...model.gateways.values()].some(({ radios }) => radios !== null) &&
          <button type="button" id="radios" onClick={() => open({ kind: 'radios' })}>{ui('radios')}</button>}
        <button type="button" onClick={() => print()}>{ui('print')}</button>
        <button type="button" onClick={() => { logIn(null); open({ kind: 'login' }); }}>{ui(readCredentials() ? 'log_out' : 'log_in')}</button>
      </div>
      <p class="aside">{ui('shortcuts')}</p>
      {!isAwake.value && !isSecureContext && <p class="aside">{ui('no_wake')}</p>}
      {ignored > 0 && <p class="aside">{ui('ignored', ignored)}</p>}
    </SheetFrame>
  );
}
