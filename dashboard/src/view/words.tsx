// SPDX-License-Identifier: MIT
/* Small things that every view needs. Everything from the broker is text, never markup: Preact
 * escapes it, and nothing here sets inner HTML.
 */
import { computed } from '@preact/signals';
import { language } from '../edge/settings';
import { fill, LANGUAGES, textOf, type Codes } from '../texts';

export const texts = computed(() => LANGUAGES[language.value]);
export const ui = (name: keyof (typeof texts.value)['ui'], ...values: (string | number)[]): string => fill(texts.value.ui[name], ...values);
export const word = (list: keyof Codes, code: string): string => textOf(texts.value, list, code);

export type Shape = 'square' | 'triangle' | 'circle' | 'dot' | 'sensor';
const PATHS: Record<Shape, string> = {
  square: 'M3 3h18v18H3z',
  triangle: 'M12 2.5 22.5 21h-21z',
  circle: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20z',
  dot: 'M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10z',
  sensor: 'M4 8h4v8H4zm6-3h4v14h-4zm6 6h4v2h-4z',
};

export const Glyph = ({ shape }: { shape: Shape }) => (
  <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path d={PATHS[shape]} /></svg>
);

export type StateName = 'stop' | 'correct' | 'call' | 'ask' | 'benign' | 'idle';
export const SHAPE: Record<StateName, Shape> = { stop: 'square', correct: 'triangle', call: 'triangle', ask: 'circle', benign: 'dot', idle: 'dot' };
export const stateWord = (state: StateName): string => ui(state);

/* The day before the month, and 24 hours, as everywhere else on the page. */
const locale = (): string => (language.value === 'en' ? 'en-GB' : language.value);

/** 12:03:10, in the tablet's time zone; the instant is the gateway's. */
export const clockTime = (ms: number | null, hasSeconds = true): string =>
  ms === null ? '–' : new Date(ms).toLocaleTimeString(locale(), { hourCycle: 'h23', hour: '2-digit', minute: '2-digit', ...(hasSeconds ? { second: '2-digit' } : {}) });

export const dayTime = (time: string | null): string =>
  time === null ? '–' : new Date(time).toLocaleString(locale(), { dateStyle: 'short', timeStyle: 'short' });

export const degrees = (value: number | null): string => (value === null ? '–' : `${Math.round(value)}°`);

/** Lumbar and lower are said by the daemon; the rest is for experts and hidden by default. */
const QUIET = new Set(['LUMBAR_PROXY_USED', 'NO_AMBIENT_MIC', 'PATTERN_UNSPECIFIED', 'PATTERN_TENDON_SNAP_LIKE', 'PATTERN_CAVITATION_LIKE', 'FIRST_SEEN']);
export const told = (reasons: string[]): string[] => reasons.filter((code) => !QUIET.has(code));
