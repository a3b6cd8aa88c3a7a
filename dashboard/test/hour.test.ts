// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { newSounds, soundsDue } from '../src/core/sound';
import { receive } from '../src/core/apply';
import { BASE, Gym } from './gym';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = (): number => { collect(); return process.memoryUsage().heapUsed; };

const ATHLETES = Array.from({ length: 25 }, (_, i) => `athlete-${i}`);
const STEP_MS = 100;
const REP_MS = 6000;
const LOOK_MS = 10_000;
const MINUTE_MS = 60_000;
/* What the engine itself needs from one look to the next. */
const SLACK_BYTES = 1e6;

/* Each repetition has a pop: every fourth is a fault, of the others every fifth a question. */
const classOf = (rep: number): object =>
  rep % 4 === 0 ? { class: 'form_fault', severity: 2 } : rep % 5 === 0 ? { class: 'review', severity: 1 } : {};

class Class {
  readonly gym = new Gym();
  readonly sounds = newSounds();
  reps = 0;

  constructor() {
    ATHLETES.forEach((athlete, i) => this.gym.session(athlete, String(i + 1)));
  }

  private train(): void {
    this.reps++;
    const curve = Array.from({ length: 60 }, (_, i) => i * 1.5);
    ATHLETES.forEach((athlete, i) => {
      const pop = this.gym.pop(athlete, { kit: String(i + 1), t_pop_us: this.gym.now * 1000 - 1e6, ...classOf(this.reps) });
      this.gym.rep(athlete, { pops: [pop], rep: this.reps, tilt_curve: { elevation_deg: curve.map(Math.round), raising_deg: curve, lowering_deg: curve } });
    });
  }

  /* Posture at 10 Hz for each; all train in step. */
  play(ms: number): void {
    for (const end = this.gym.now + ms; this.gym.now < end;) {
      this.gym.now += STEP_MS;
      const posture = this.gym.postureBytes();
      for (const athlete of ATHLETES) receive(this.gym.model, BASE, `${BASE}/athlete/${athlete}/posture`, posture, false, this.gym.now);
      if (this.gym.now % REP_MS === 0) this.train();
      if (this.gym.now % 10_000 === 0) this.gym.stats();
      if (this.gym.now % LOOK_MS === 0) soundsDue(this.sounds, this.gym.view(), this.gym.now);
    }
  }
}

test('an hour of a class of 25 at 10 Hz takes no more memory than ten minutes of it, and counts right', () => {
  const all = new Class();
  all.play(10 * MINUTE_MS);
  const early = heap();
  all.play(50 * MINUTE_MS);
  const grown = heap() - early;
  assert.ok(grown < SLACK_BYTES, `${grown} bytes more`);
  const card = all.gym.card('7');
  assert.deepEqual([card.reps, card.faulty], [all.reps, Math.floor(all.reps / 4)]);
  assert.equal(all.reps, 600);
});
