// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mute, muteLeft, newSounds, soundsDue, type Sound } from '../src/core/sound';
import { duration, fill, LANGUAGES, textOf } from '../src/texts';
import { Gym } from './gym';

class Listener {
  gym = new Gym();
  sounds = newSounds();
  constructor() {
    this.gym.session('ana');
    this.gym.wearable();
  }
  hear(ms: number): Sound[] {
    const ret: Sound[] = [];
    for (let passed = 0; passed < ms; passed += 100) {
      this.gym.pass(100);
      ret.push(...soundsDue(this.sounds, this.gym.view(), this.gym.now));
    }
    return ret;
  }
}

test('STOP sounds every 10 s until it is acknowledged, then there is a reminder', () => {
  const class_ = new Listener();
  assert.deepEqual(class_.hear(5000), []);
  class_.gym.alert('ana');
  assert.deepEqual(class_.hear(30_000), ['stop', 'stop', 'stop']);
  class_.gym.alert('ana', { state: 'acknowledged', by: 'Kim' });
  assert.deepEqual(class_.hear(85_000), []);
  assert.deepEqual(class_.hear(10_000), ['reminder']);
  assert.deepEqual(class_.hear(121_000), ['reminder']);
  class_.gym.alert('ana', { state: 'cleared', by: 'Kim' });
  assert.deepEqual(class_.hear(130_000), []);
});

test('one chime a fault, one tone a question, one chime what is late', () => {
  const class_ = new Listener();
  class_.gym.pop('ana', { class: 'form_fault', severity: 2 });
  assert.deepEqual(class_.hear(20_000), ['correct']);
  class_.gym.rep('ana');
  class_.gym.pop('ana', { class: 'review', severity: 1 });
  assert.deepEqual(class_.hear(20_000), ['ask']);
  class_.gym.pop('ana', { class: 'form_fault', severity: 2, late_ms: 60_000 });
  assert.deepEqual(class_.hear(20_000), ['late']);
});

test('sensors sound at most once a minute', () => {
  const class_ = new Listener();
  class_.hear(1000);
  class_.gym.wearable({ battery_percent: 5 });
  assert.deepEqual(class_.hear(5000), ['technical']);
  class_.gym.wearable({ battery_percent: 5, problem: 'sensor_stuck' });
  assert.deepEqual(class_.hear(50_000), []);
  assert.deepEqual(class_.hear(10_000), ['technical']);
});

test('mute is for a minute, and a STOP goes on after it', () => {
  const class_ = new Listener();
  mute(class_.sounds, class_.gym.now);
  class_.gym.alert('ana');
  assert.equal(muteLeft(class_.sounds, class_.gym.now), 60_000);
  assert.deepEqual(class_.hear(59_900), []);
  assert.deepEqual(class_.hear(10_000), ['stop']);
});

test('what was heard is forgotten, but nothing that is open sounds anew', () => {
  const class_ = new Listener();
  class_.gym.alert('ana', { state: 'acknowledged', by: 'Kim', severity: 2, class: 'review' });
  assert.deepEqual(class_.hear(100), ['correct']);
  for (let i = 0; i < 2500; i++) {
    class_.gym.pop('ben', { kit: '2', class: 'form_fault', severity: 2, late_ms: 60_000 });
    class_.hear(100);
  }
  assert.ok(class_.sounds.heard.size <= 2001, `${class_.sounds.heard.size}`);
  assert.ok([...class_.sounds.heard].some((key) => key.endsWith('a-1')));
});

test('texts', () => {
  assert.equal(fill('a {} b {}', 1, 'x{}'), 'a 1 b x{}');
  assert.equal(textOf(LANGUAGES.de, 'code', 'NEW_CODE'), 'NEW_CODE');
  assert.equal(textOf(LANGUAGES.en, 'code', 'constructor'), 'constructor');
  assert.deepEqual([400, 12_000, 720_000, 7.3e6, null].map(duration), ['0.4 s', '12 s', '12 min', '2 h', '–']);
  for (const [name, text] of Object.entries(LANGUAGES.en.ui)) {
    const other = LANGUAGES.de.ui[name as 'stop'];
    assert.equal(text.split('{}').length, other.split('{}').length, `values of ${name} in both languages`);
  }
});
