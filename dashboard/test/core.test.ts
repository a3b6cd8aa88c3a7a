// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginTelling, setLink, sweep } from '../src/core/apply';
import { explain } from '../src/core/explain';
import { lifelineDue, newLifeline } from '../src/core/lifeline';
import { areLearnt, lacksOf, nextStep } from '../src/core/model';
import { compareNames } from '../src/core/view';
import { BASE, Gym, START } from './gym';

function inClass(): Gym {
  const gym = new Gym();
  gym.session('ana');
  gym.wearable();
  gym.pass(1000);
  return gym;
}

test('a mat in use shows movement, and no alert', () => {
  const card = inClass().card();
  assert.deepEqual([card.athlete, card.state, card.phase, card.elevation_deg, card.tilt_deg], ['ana', 'idle', 'lower', 39, 2.5]);
  assert.deepEqual([card.stale, card.technical], [null, []]);
});

test('a red flag makes the card red until its symptoms are cleared', () => {
  const gym = inClass();
  gym.alert('ana');
  assert.deepEqual([gym.card().state, gym.card().is_acknowledged], ['stop', false]);
  gym.alert('ana', { state: 'acknowledged', by: 'Kim' });
  assert.deepEqual([gym.card().state, gym.card().is_acknowledged, gym.card().by], ['stop', true, 'Kim']);
  gym.alert('ana', { state: 'cleared', by: 'Kim' });
  assert.equal(gym.card().state, 'idle');
});

test('a form fault lasts until a clean repetition, a question until it is answered', () => {
  const gym = inClass();
  const fault = gym.pop('ana', { class: 'form_fault', severity: 2, reasons: ['ANTERIOR_TILT'] });
  assert.equal(gym.card().state, 'correct');
  gym.pass(1000);
  gym.rep('ana', { pops: [fault] });
  assert.deepEqual([gym.card().state, gym.card().faulty], ['correct', 1]);
  gym.pass(6000);
  gym.rep('ana');
  assert.deepEqual([gym.card().state, gym.card().reps, gym.card().faulty], ['idle', 2, 1]);
  const question = gym.pop('ana', { class: 'review', severity: 1 });
  assert.equal(gym.card().state, 'ask');
  gym.pop('ana', { id: question, rev: 2, state: 'revised', supersedes: 1 });
  assert.equal(gym.card().state, 'benign');
  gym.pass(31_000);
  assert.equal(gym.card().state, 'idle');
});

test('a message twice, or an older revision after a newer, changes nothing', () => {
  const gym = inClass();
  const id = gym.pop('ana', { rev: 2, class: 'review', severity: 1 });
  gym.pop('ana', { id, rev: 1 });
  gym.pop('ana', { id, rev: 2, class: 'review', severity: 1 });
  gym.rep('ana', { id: 'r' });
  gym.rep('ana', { id: 'r' });
  assert.deepEqual([gym.card().state, gym.card().reps], ['ask', 1]);
  assert.deepEqual(gym.model.athletes.get('ana')!.pops.get(id)!.map((pop) => pop.rev), [1, 2]);
});

test('what a calibration lacks is told of a mat in use, from the session that has it newest', () => {
  const gym = new Gym();
  const told = { step: 'flat-back', state: 'accepted', why: null, code: null, progress: 1, quality: 1, calibrated: true, lacks: ['left_leg_axis', 'right_leg_axis'] };
  gym.tell('kit/1/calibration', told, true);
  assert.deepEqual(gym.card().lacks, []);
  gym.session('ana', '1', ['right_leg_axis']);
  assert.deepEqual([gym.card().lacks, gym.card().technical], [['right_leg_axis'], []]);
  assert.deepEqual(lacksOf({ ...gym.model.kits.get('1')!, session: null }), told.lacks);
  gym.session('ana');
  assert.deepEqual(gym.card().lacks, []);
});

test('the calibration goes on with what is missing, once a step has ended', () => {
  const gym = new Gym();
  const at = (state: string, lacks: string[]) => {
    gym.tell('kit/1/calibration', { step: 'flat-back', state, why: null, code: null, progress: 1, quality: 1, calibrated: false, lacks }, true);
    return nextStep(gym.model.kits.get('1')!);
  };
  assert.equal(at('running', ['zero', 'left_leg_axis']), null);
  assert.equal(at('rejected', ['zero', 'left_leg_axis']), 'flat-back');
  assert.equal(at('accepted', ['first_raise', 'left_leg_axis', 'right_leg_axis']), 'leg-raise-left');
  assert.equal(at('accepted', ['first_raise']), null);
});

test('a mat that its gateway has no more is gone, but not its athlete', () => {
  const gym = new Gym();
  const mats = () => gym.view().cards.map((card) => card.kit);
  gym.inventory('1', '2', '3');
  assert.deepEqual(mats(), ['1', '2', '3']);
  gym.session('ana', '2');
  gym.inventory('1');
  assert.deepEqual(mats(), ['1', '2']);
  gym.session(null, '2');
  assert.deepEqual(mats(), ['1']);
  gym.inventory('1', '3');
  assert.deepEqual(mats(), ['1', '3']);
});

test('radios that the broker keeps no more are gone', () => {
  const gym = inClass();
  const radio = { name: 'mat-1', online: true, version: null, slots: 7, serves: [], uncertainty_ms: null, behind_s: 0, lost: 0, refused: 0, if_lost: { moving: 0, left: [] } };
  gym.tell('gateway/pi/radios', { gateway: 'pi', radios: [radio], waiting: [{ wearable: '1-pelvis', code: 'a_new_one' }] }, true);
  assert.equal(gym.model.gateways.get('pi')!.radios!.radios[0]!.name, 'mat-1');
  beginTelling(gym.model, gym.now);
  gym.session('ana');
  gym.now += 60_000;
  for (let calls = 0; calls < 20; calls++) sweep(gym.model, gym.now);
  assert.equal(gym.model.gateways.get('pi')!.radios, null);
});

test('the three causes of stale data are told apart', () => {
  const gym = inClass();
  gym.wearable({ state: 'silent', last_data: gym.time() });
  assert.deepEqual([gym.card().stale, gym.card().technical.map((t) => t.code)], ['wearable_silent', ['silent']]);
  gym.wearable();
  gym.tell('gateway/pi/status', { state: 'offline', version: '1', since: null, config_hash: '0123456789abcdef', adapters: [] });
  assert.deepEqual([gym.card().stale, gym.card().phase, gym.view().gone], ['gateway_gone', null, ['pi']]);
  setLink(gym.model, 'lost', gym.now);
  gym.now += 5000;
  const view = gym.view();
  assert.deepEqual([view.stale, view.stale_since, view.cards[0]!.stale], ['no_connection', START + gym.now - 5000, 'no_connection']);
  assert.deepEqual([view.cards[0]!.elevation_deg, view.time], [null, null]);
});

test('a gateway that says nothing is gone, whatever its last status says', () => {
  const gym = inClass();
  gym.now += 24_000;
  assert.equal(gym.view().gone.length, 0);
  gym.now += 2000;
  assert.deepEqual(gym.view().gone, ['pi']);
});

test('posture that stops is not shown as live', () => {
  const gym = inClass();
  gym.now += 2100;
  gym.stats();
  const card = gym.card();
  assert.deepEqual([card.elevation_deg, card.stale, card.posture_age_ms], [null, 'wearable_silent', 2100]);
});

test('once nobody trains, there is no data to wait for', () => {
  const gym = inClass();
  assert.equal(gym.view().data_age_ms, 0);
  gym.session(null);
  gym.now += 60_000;
  assert.equal(gym.view().data_age_ms, null);
});

test('what the first repetitions tell is no step to do', () => {
  assert.deepEqual([[], ['zero'], ['zero', 'left_leg_axis'], ['left_leg_axis', 'first_raise']].map(areLearnt), [false, false, false, true]);
});

test('ages follow the gateway’s clock, also when it is set back', () => {
  const gym = inClass();
  gym.alert('ana');
  gym.pass(7000);
  assert.equal(gym.view().rail[0]!.age_ms, 7000);
  assert.equal(gym.view().time, START + gym.now);
  gym.tell('gateway/pi/stats', { t_us: gym.now * 1000, time: new Date(START - 3.6e6).toISOString() });
  assert.equal(gym.view().time, START - 3.6e6);
});

test('what comes late is told in the rail alone', () => {
  const gym = inClass();
  gym.pop('ana', { class: 'form_fault', severity: 2, late_ms: 720_000 });
  assert.equal(gym.card().state, 'idle');
  assert.deepEqual(gym.view().rail.map((entry) => [entry.state, entry.late_ms]), [['correct', 720_000]]);
});

test('an alert that came late is open all the same, once the list says so', () => {
  const gym = inClass();
  const { alert, severity, label, reasons, pops, symptoms, since, by, id, time, kit, state } = gym.alert('ana', { late_ms: 60_000 });
  assert.deepEqual([gym.card().state, gym.view().rail.length], ['idle', 1]);
  gym.tell('athlete/ana/alerts', { athlete: 'ana', alerts: [{ id, alert, state, time, kit, severity, class: 'red_flag', label, reasons, pops, symptoms, since, by }] }, true);
  assert.deepEqual([gym.card().state, gym.view().rail.map((entry) => entry.late_ms)], ['stop', [60_000]]);
  gym.tell('athlete/ana/alerts', null, true);
  assert.equal(gym.card().state, 'idle');
});

test('a cue is there for 5 s', () => {
  const gym = inClass();
  gym.tell('athlete/ana/cue', gym.event({ code: 'REDUCE_RANGE', argument: 45, text: 'Lower only to 45', pop: null }));
  gym.pass(4900);
  assert.deepEqual(gym.card().cue, { code: 'REDUCE_RANGE', argument: 45 });
  gym.pass(100);
  assert.equal(gym.card().cue, null);
});

test('hostile payloads are refused and counted, unknown codes are kept', () => {
  const gym = inClass();
  const before = JSON.stringify(gym.view());
  for (const text of ['nonsense', '[]', '{"t_us":1}', '{"t_us":"<b>"}', 'null', '\ud800']) gym.raw('athlete/ana/posture', text);
  for (const topic of ['athlete/ana', 'athlete/ana/posture/more', 'x', 'athlete//posture', '__proto__/a/b', 'athlete/ana/unheard']) gym.raw(topic, '{}');
  gym.raw('athlete/ana/pop', `"${'x'.repeat(300_000)}"`);
  assert.equal(JSON.stringify(gym.view()), before);
  assert.deepEqual(gym.model.refused, { topic: 6, size: 1, json: 2, schema: 4 });
  gym.pop('ana', { class: 'form_fault', severity: 2, reasons: ['CODE_OF_A_LATER_DAEMON'], later_member: 1 });
  assert.deepEqual(gym.card().reasons, ['CODE_OF_A_LATER_DAEMON']);
});

test('names without end cost no memory without end', () => {
  const gym = new Gym();
  for (let i = 0; i < 2500; i++) gym.raw(`athlete/n${i}/posture`, JSON.stringify({ ...JSON.parse('{}') }));
  for (let i = 0; i < 2500; i++) gym.raw(`athlete/n${i}/alerts`, '');
  assert.equal(gym.model.athletes.size, 2000);
});

test('after a break, what the broker does not repeat is gone, and nothing blinks before', () => {
  const gym = inClass();
  gym.alert('ana');
  setLink(gym.model, 'lost', gym.now);
  gym.now += 300_000;
  setLink(gym.model, 'connecting', gym.now);
  assert.equal(gym.model.link, 'lost');
  setLink(gym.model, 'online', gym.now);
  gym.now += 60_000;
  sweep(gym.model, gym.now);
  beginTelling(gym.model, gym.now);
  gym.session('ana');
  gym.now += 60_000;
  for (let calls = 1; calls < 20; calls++) sweep(gym.model, gym.now);
  assert.equal(gym.card().state, 'stop', 'held up for a minute, the page has not read its socket');
  sweep(gym.model, gym.now);
  assert.equal(gym.card().state, 'idle');
  assert.equal(gym.card().athlete, 'ana');
});

test('the sensors of a mat in use are watched, those in the box are not', () => {
  const gym = inClass();
  gym.wearable({ battery_percent: 9, clock: { skew_ppm: 2, uncertainty_ms: 80, coverage: 1 }, problem: 'sensor_stuck' });
  assert.deepEqual(gym.card().technical.map((t) => t.code), ['sensor_stuck', 'battery', 'clock']);
  assert.equal(gym.view().counts.technical, 1);
  gym.session(null);
  assert.deepEqual(gym.card().technical, []);
});

test('a pop is explained by the posture that this page saw', () => {
  const gym = inClass();
  gym.pass(5000);
  const id = gym.pop('ana', { class: 'form_fault', severity: 2, form: { total: 70, f1: 60, f2: 10, f3: 0, f4: 0, f5: 0, f6: 0, f7: 0 } });
  gym.pass(5000);
  const view = explain(gym.model, 'ana', id)!;
  assert.equal(view.samples.length, 61);
  assert.deepEqual(view.form.slice(0, 2).map((part) => part.points), [60, 10]);
  gym.pass(301_000);
  assert.equal(explain(gym.model, 'ana', id)!.samples.length, 0);
  assert.equal(explain(gym.model, 'ana', 'none'), null);
});

test('repetitions that are no longer kept are counted until a summary has them', () => {
  const gym = inClass();
  const train = (reps: number) => { for (let i = 0; i < reps; i++) { gym.pass(5000); gym.rep('ana', i % 10 ? {} : { pops: [gym.pop('ana', { class: 'form_fault', severity: 2 })] }); } };
  const counts = () => [gym.card().reps, gym.card().faulty];
  train(100);
  assert.deepEqual(counts(), [100, 10]);
  gym.summary('ana', 100, 10);
  assert.deepEqual(counts(), [100, 10]);
  train(100);
  assert.deepEqual(counts(), [200, 20]);
  gym.summary('ana', 100, 10);
  gym.pass(1000);
  assert.deepEqual(counts(), [100, 10], 'a summary is the gateway’s own count');
  gym.session('ana');
  gym.pass(1000);
  assert.deepEqual(counts(), [0, 0]);
  train(100);
  assert.deepEqual(counts(), [100, 10]);
});

test('a revision of a fault counts after its pop is no longer kept', () => {
  const gym = inClass();
  const fault = gym.pop('ana', { class: 'form_fault', severity: 2 });
  gym.rep('ana', { pops: [fault] });
  for (let i = 0; i < 30; i++) { gym.pass(5000); gym.pop('ana'); gym.rep('ana'); }
  assert.deepEqual([gym.model.athletes.get('ana')!.pops.has(fault), gym.card().faulty], [false, 1]);
  gym.pop('ana', { id: fault, rev: 2, state: 'revised', supersedes: 1 });
  assert.equal(gym.card().faulty, 0);
});

test('of the pops those on the screen stay, however many come after them', () => {
  const gym = inClass();
  const { pops } = gym.model.athletes.get('ana')!;
  const question = gym.pop('ana', { class: 'review', severity: 1 });
  const fault = gym.pop('ana', { class: 'form_fault', severity: 2 });
  const read = gym.pop('ana');
  gym.model.explained = read;
  for (let i = 0; i < 40; i++) { gym.pass(1000); gym.pop('ana'); }
  assert.equal(pops.size, 16);
  assert.deepEqual([gym.card().state, gym.card().pop], ['correct', fault]);
  assert.ok(explain(gym.model, 'ana', read));
  gym.rep('ana');
  gym.pass(6000);
  gym.rep('ana');
  assert.deepEqual([gym.card().state, gym.card().pop], ['ask', question]);
});

test('mats are in the order of their numbers', () => {
  assert.deepEqual(['10', '9', '9b', 'x', '1'].sort(compareNames), ['1', '9', '9b', '10', 'x']);
  assert.ok(BASE);
});

test('a quiet line is asked once, and given up when there is no answer', () => {
  const line = newLifeline(1000);
  assert.equal(lifelineDue(line, 5000), null);
  assert.equal(lifelineDue(line, 5001), 'ask');
  const told = Array.from({ length: 85 }, (_, i) => lifelineDue(line, 5101 + i * 100));
  assert.deepEqual([told.indexOf('dead'), told.lastIndexOf(null)], [80, 79]);
});

test('a page that is held up asks, and gives up nothing before it has read', () => {
  const line = newLifeline(0);
  assert.equal(lifelineDue(line, 60_000), 'ask');
  const told = Array.from({ length: 25 }, (_, i) => lifelineDue(line, 90_000 + i));
  assert.equal(told.indexOf('dead'), 19);
});
