// SPDX-License-Identifier: MIT
import { de } from './de';
import { en } from './en';
import type { Codes, Texts } from './texts';

export type { Codes };

export type Language = 'en' | 'de';
export const LANGUAGES: Record<Language, Texts> = { en, de };

/** {} in a text is replaced by the values in turn. */
export const fill = (text: string, ...values: (string | number)[]): string => {
  let at = 0;
  return text.replace(/\{\}/g, () => String(values[at++] ?? ''));
};

/** The text of a code. One that this page does not know, from a later daemon, is shown as it is. */
export function textOf(texts: Texts, list: keyof Codes, code: string): string {
  const words: Record<string, string> = texts[list];
  return Object.hasOwn(words, code) ? words[code]! : code;
}

/** 3 s, 2 min, 4 h */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  return `${Math.floor(s / 3600)} h`;
}
