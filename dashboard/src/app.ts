// SPDX-License-Identifier: MIT
/* The page's one model, what moves it, and what a trainer can do. Views read the signals here and
 * call the actions.
 */
import { effect, signal } from '@preact/signals';
import type { CommandSymptom, History } from '../generated/types';
import { beginTelling, receive, setLink, sweep } from './core/apply';
import { newModel, type Model } from './core/model';
import { mute, muteLeft, newSounds, soundsDue, unmute } from './core/sound';
import { viewOf, type PageView } from './core/view';
import { sound } from './edge/audio';
import { brokerUrl, Connection, type Answer, type Credentials } from './edge/connection';
import { everyTick } from './edge/pace';
import { gym, keepCredentials, language, readCredentials, setGym, trainer } from './edge/settings';
import { LANGUAGES, textOf } from './texts';

export type Sheet =
  | { kind: 'symptom' | 'history'; athlete: string }
  | { kind: 'calibration' | 'session'; kit: string }
  | { kind: 'explain'; athlete: string; pop: string }
  | { kind: 'clear'; athlete: string }
  | { kind: 'who' | 'menu' | 'end-all' | 'login' | 'gyms' | 'radios' | 'help' };

/* Numbers and ages move ten times a second; what a trainer must see at once does not wait for that. */
const TICK_MS = 100;
/* The wall clock goes on while a tablet sleeps, the page's own does not; being held up holds up neither. */
const SLEPT_MS = 2000;

export let model: Model = newModel();
export const now = (): number => performance.now();
export const view = signal<PageView>(viewOf(model, now()));
export const sheet = signal<Sheet | null>(null);
export const notice = signal<{ text: string; isError: boolean } | null>(null);
export const gyms = signal<string[]>([]);
export const muted = signal(0);
export const onlyProblems = signal(false);
/** the half of the time in which a STOP is lit */
export const isLit = signal(false);

/* Twice a second on and off. */
const FLASH_MS = 250;

effect(() => { model.explained = sheet.value?.kind === 'explain' ? sheet.value.pop : null; });

const sounds = newSounds();
let isDue = false;

export function refresh(): void {
  isDue = false;
  const t = now();
  sweep(model, t);
  view.value = viewOf(model, t);
  isLit.value = view.value.stale === null && view.value.counts.stop > 0 && Math.floor(t / FLASH_MS) % 2 === 1;
  muted.value = muteLeft(sounds, t);
  for (const each of soundsDue(sounds, view.value, t)) sound(each);
}

/* Some hundred states come at once when the page is opened; they are drawn together. */
const SOON_MS = 15;

function refreshSoon(): void {
  if (isDue) return;
  isDue = true;
  setTimeout(refresh, SOON_MS);
}

const URGENT = /\/(alert|alerts|pop|cue|session|calibration|inventory|status|live)$/;

const connection = new Connection(brokerUrl(location), {
  link: (link) => {
    setLink(model, link, now());
    /* To ask again with the same password each second would lock the user out somewhere. */
    if (link === 'refused') {
      connection.close();
      sheet.value = { kind: 'login' };
    }
    if (link === 'online' && sheet.value?.kind === 'login') sheet.value = null;
    refresh();
  },
  message: (topic, payload, isRetained) => {
    receive(model, gym.value ?? '', topic, payload, isRetained, now());
    if (URGENT.test(topic)) refreshSoon();
  },
  subscribed: () => beginTelling(model, now()),
  gym: onGym,
});

function onGym(base: string): void {
  if (!gyms.value.includes(base)) gyms.value = [...gyms.value, base].sort();
  if (gym.value === null && gyms.value.length === 1) enterGym(base);
  else if (gyms.value.length > 1 && !gyms.value.includes(gym.value ?? '')) sheet.value = { kind: 'gyms' };
}

export function enterGym(base: string): void {
  setGym(base);
  model = newModel();
  setLink(model, 'online', now());
  connection.enter(base);
  sheet.value = null;
  refresh();
}

export function logIn(credentials: Credentials | null): void {
  keepCredentials(credentials);
  setLink(model, 'connecting', now());
  connection.open(credentials);
  refresh();
}

let apart = Date.now() - now();

function tick(): void {
  const apartNow = Date.now() - now();
  if (apartNow - apart > SLEPT_MS && model.link === 'online') connection.refresh();
  apart = apartNow;
  connection.check();
  refresh();
}

export function start(): void {
  if (gym.value !== null) connection.enter(gym.value);
  logIn(readCredentials());
  everyTick(tick, TICK_MS);
}

/** Who leaves the question for a name without an answer decides nothing. */
export function open(what: Sheet | null, isWaiting = false): void {
  sheet.value = what;
  if (isWaiting) return;
  goOn?.(trainer.value !== '');
  goOn = null;
}

/** Closes the sheet that is open now, once it is time; another one, opened meanwhile, stays. */
export function closing(): () => void {
  const mine = sheet.value;
  return () => { if (sheet.value === mine) sheet.value = null; };
}

export const toggleMute = (): void => {
  if (muted.value > 0) unmute(sounds);
  else mute(sounds, now());
  refresh();
};

/* An error stays until it is closed. */
const NOTICE_MS = 5000;

function tell(text: string): void {
  const told = { text, isError: false };
  notice.value = told;
  setTimeout(() => { if (notice.value === told) notice.value = null; }, NOTICE_MS);
}

/* Says what went wrong, or is quiet: what worked is seen on the card. */
function noteAnswer(answer: Answer): Answer {
  notice.value = answer.ok ? null : { text: textOf(LANGUAGES[language.value], 'error', answer.error), isError: true };
  return answer;
}

const act = async (verb: string, body: object, wait_ms?: number): Promise<Answer> => noteAnswer(await connection.request(verb, body, wait_ms));

let goOn: ((hasName: boolean) => void) | null = null;

/* Decisions carry a name; without one, it is asked for first, and then they go on. */
async function decide(verb: string, body: object): Promise<boolean> {
  if (!trainer.value) {
    const named = new Promise<boolean>((resolve) => { goOn = resolve; });
    open({ kind: 'who' }, true);
    if (!(await named)) return false;
  }
  return (await act(verb, { ...body, by: trainer.value })).ok;
}

export const acknowledge = (alert: string): Promise<boolean> => decide('acknowledge', { alert });
export const clearSymptoms = (athlete: string): Promise<boolean> => decide('clear-symptoms', { athlete });
export const override = (pop: string, cls: string, reason: string): Promise<boolean> => decide('override', { pop, class: cls, reason });
export const calibrate = (kit: string, step: string): Promise<Answer> => act('calibrate', { kit, step });
export const endSession = (kit: string): Promise<Answer> => act('session-end', { kit });
/** Whoever left meanwhile has no session to end. */
export async function endAll(kits: string[]): Promise<boolean> {
  const answers = await Promise.all(kits.map((kit) => connection.request('session-end', { kit })));
  const failed = answers.filter((answer) => !answer.ok && answer.error !== 'no_session');
  return failed.length === 0 || noteAnswer(failed[0]!).ok;
}
export const identify = (wearable: string): Promise<Answer> => act('identify', { wearable });
export const watch = (kit: string, seconds: number): Promise<Answer> => connection.request('watch', { kit, seconds });
export const startSession = (kit: string, athlete: string, exercise: string): Promise<Answer> =>
  act('session-start', exercise === 'none' ? { kit, athlete } : { kit, athlete, exercise });

export async function report(symptom: Omit<CommandSymptom, 'source'>): Promise<boolean> {
  const answer = await act('symptom', { ...symptom, source: trainer.value || 'trainer' });
  if (answer.ok) {
    const texts = LANGUAGES[language.value];
    tell(texts.ui.sent.replace('{}', texts.symptom[symptom.code]));
  }
  return answer.ok;
}

/* Hundreds of events have to be read from the gateway's disk. */
const HISTORY_MS = 20_000;

export async function history(athlete: string, since: string): Promise<History | null> {
  const answer = await act('history', { athlete, since, limit: 200 }, HISTORY_MS);
  return answer.ok && 'data' in answer ? (answer.data ?? null) : null;
}
