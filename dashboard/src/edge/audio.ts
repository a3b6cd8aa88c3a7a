// SPDX-License-Identifier: MIT
/* Tones, made on the spot. A browser gives no sound before the first touch, so until then the page
 * offers a button for it.
 */
import { signal } from '@preact/signals';
import type { Sound } from '../core/sound';

export const canSound = signal(false);

let context: AudioContext | null = null;

/** In a handler of a touch or a key. */
export async function allowSound(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
  canSound.value = context.state === 'running';
}

/* Hz, when and how long in s. Bursts of several pulses for STOP; the others are single and lower. */
const NOTES: Record<Sound, [number, number, number][]> = {
  stop: [0, 1].flatMap((burst) => [0, 0.18, 0.36].map((at): [number, number, number] => [960, burst * 0.9 + at, 0.13])),
  reminder: [[960, 0, 0.13], [960, 0.18, 0.13]],
  correct: [[660, 0, 0.18], [520, 0.2, 0.28]],
  ask: [[740, 0, 0.3]],
  technical: [[220, 0, 0.35]],
  late: [[520, 0, 0.18], [660, 0.2, 0.28]],
};

function note(audio: AudioContext, hz: number, at: number, length: number): void {
  const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
  const start = audio.currentTime + at;
  oscillator.frequency.value = hz;
  /* Soft edges: a step would click, in a room that listens for clicks. */
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.35, start + 0.015);
  gain.gain.setValueAtTime(0.35, start + length - 0.03);
  gain.gain.linearRampToValueAtTime(0, start + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
}

export function sound(what: Sound): void {
  if (context?.state !== 'running') return;
  for (const [hz, at, length] of NOTES[what]) note(context, hz, at, length);
}
