// SPDX-License-Identifier: MIT
/* Which sounds are due. The state is the caller's, so that a test can play a class in no time. */
import type { PageView, RailEntry } from './view';

export type Sound = 'stop' | 'reminder' | 'correct' | 'ask' | 'technical' | 'late';
export interface SoundState {
  stop_at: number;
  reminder_at: Map<string, number>;
  technical_at: number;
  heard: Set<string>;
  technical: Set<string>;
  mute_until: number;
}

/** Bursts while a STOP is not acknowledged; then a reminder for as long as it is open. */
export const STOP_EVERY_MS = 10_000;
export const REMIND_EVERY_MS = 120_000;
export const TECHNICAL_EVERY_MS = 60_000;
export const MUTE_MS = 60_000;

export const newSounds = (): SoundState => ({
  stop_at: -Infinity, reminder_at: new Map(), technical_at: -Infinity, heard: new Set(), technical: new Set(), mute_until: -Infinity,
});

export const mute = (s: SoundState, now: number): void => { s.mute_until = now + MUTE_MS; };
export const unmute = (s: SoundState): void => { s.mute_until = -Infinity; };
export const muteLeft = (s: SoundState, now: number): number => Math.max(0, s.mute_until - now);

/* Of what is open now nothing is forgotten, or it would sound again. */
const HEARD_KEPT = 1000;

function forget(s: SoundState, rail: RailEntry[]): void {
  if (s.heard.size <= 2 * HEARD_KEPT) return;
  const open = new Set(rail.flatMap(({ id, state }) => [id, `${state} ${id}`]));
  for (const key of s.heard) {
    if (s.heard.size <= HEARD_KEPT) return;
    if (!open.has(key)) s.heard.delete(key);
  }
}

const isNew = (set: Set<string>, key: string): boolean => !set.has(key) && !!set.add(key);

function stops(s: SoundState, rail: RailEntry[], now: number): Sound[] {
  const open = rail.filter((entry) => entry.state === 'stop' && !entry.late_ms);
  const loud = open.filter((entry) => !entry.is_acknowledged);
  const ret: Sound[] = [];
  const isFirst = loud.filter((entry) => isNew(s.heard, entry.id)).length > 0;
  if (loud.length && (isFirst || now - s.stop_at >= STOP_EVERY_MS)) {
    s.stop_at = now;
    ret.push('stop');
  }
  for (const entry of open) {
    const last = s.reminder_at.get(entry.id) ?? now;
    s.reminder_at.set(entry.id, last);
    if (!entry.is_acknowledged || now - last < REMIND_EVERY_MS) continue;
    s.reminder_at.set(entry.id, now);
    ret.push('reminder');
  }
  for (const id of s.reminder_at.keys()) if (!open.some((entry) => entry.id === id)) s.reminder_at.delete(id);
  return ret;
}

function tones(s: SoundState, rail: RailEntry[]): Sound[] {
  const ret = new Set<Sound>();
  for (const entry of rail) {
    if (entry.state === 'stop' && !entry.late_ms) continue;
    if (!isNew(s.heard, `${entry.state} ${entry.id}`)) continue;
    ret.add(entry.late_ms ? 'late' : entry.state === 'ask' ? 'ask' : 'correct');
  }
  return [...ret];
}

/* What comes within a minute of the last tone is heard at its end. */
function technical(s: SoundState, view: PageView, now: number): Sound[] {
  const codes = new Set(view.cards.flatMap((card) => card.technical.map((t) => `${card.kit} ${t.wearable} ${t.code}`)));
  for (const code of s.technical) if (!codes.has(code)) s.technical.delete(code);
  const fresh = [...codes].filter((code) => !s.technical.has(code));
  if (fresh.length === 0 || now - s.technical_at < TECHNICAL_EVERY_MS) return [];
  for (const code of fresh) s.technical.add(code);
  s.technical_at = now;
  return ['technical'];
}

/** Muted sounds are gone, except that a STOP goes on when the mute ends. */
export function soundsDue(s: SoundState, view: PageView, now: number): Sound[] {
  forget(s, view.rail);
  const due = [...stops(s, view.rail, now), ...tones(s, view.rail), ...technical(s, view, now)];
  return now < s.mute_until ? [] : due;
}
