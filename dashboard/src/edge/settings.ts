// SPDX-License-Identifier: MIT
/* What the browser remembers. Storage may be forbidden or full: then settings hold while the page is
 * open, and the page says so.
 */
import { signal } from '@preact/signals';
import type { Language } from '../texts';
import type { Credentials } from './connection';

export type Theme = 'auto' | 'dark' | 'light';

export const isStorageBroken = signal(false);

function read(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(`coxad.${key}`);
  } catch {
    isStorageBroken.value = true;
    return null;
  }
}

function write(storage: () => Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage().removeItem(`coxad.${key}`);
    else storage().setItem(`coxad.${key}`, value);
  } catch {
    isStorageBroken.value = true;
  }
}

const local = () => localStorage;
/* A password lives as long as the tab. */
const session = () => sessionStorage;

const firstLanguage = (): Language => (navigator.languages.find((tag) => /^(de|en)/.test(tag))?.startsWith('de') ? 'de' : 'en');
const word = <W extends string>(value: string | null, words: readonly W[], otherwise: W): W => words.find((each) => each === value) ?? otherwise;

export const language = signal<Language>(word(read(local, 'language'), ['en', 'de'], firstLanguage()));
export const theme = signal<Theme>(word(read(local, 'theme'), ['auto', 'dark', 'light'], 'auto'));
export const trainer = signal((read(local, 'trainer') ?? '').slice(0, 32));
export const gym = signal(read(local, 'gym'));

export const setLanguage = (value: Language): void => write(local, 'language', (language.value = value));
export const setTheme = (value: Theme): void => write(local, 'theme', (theme.value = value));
export const setTrainer = (value: string): void => write(local, 'trainer', (trainer.value = value));
export const setGym = (value: string): void => write(local, 'gym', (gym.value = value));

export function readCredentials(): Credentials | null {
  const user = read(session, 'user');
  return user === null ? null : { user, password: read(session, 'password') ?? '' };
}

export function keepCredentials(credentials: Credentials | null): void {
  write(session, 'user', credentials?.user ?? null);
  write(session, 'password', credentials?.password ?? null);
}
