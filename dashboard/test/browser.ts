// SPDX-License-Identifier: MIT
/* browser SCRIPT [PICTURES]: the page in Chromium, against a real coxad, a real mosquitto and the virtual
 * gym. Instants are measured and printed; they fail only far beyond what a slow machine needs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { check, finish } from './checks';
import { bareRoundTrip, firstSince, Hops } from './hops';
import { launch, Tablet, type Options } from './tablet';
import { until, World } from './world';

const MARKUP = '<img src=x onerror=alert(1)>';
/* What a trainer may wait (the first figure) and what no machine is too slow for. */
const QUICK_MS = 300;
const SLOW_MS = 120_000;
const COMPRESSED_BYTES = 200_000;

const none = (what: string, list: string[]): void => check(what, list.length === 0, `\n  ${list.join('\n  ')}`);

function took(what: string, ms: number, aim = QUICK_MS): void {
  console.log(`${what}: ${ms} ms${ms > aim ? ` (aim: ${aim})` : ''}`);
  check(what, ms >= 0 && ms < SLOW_MS, `${ms} ms`);
}

/* Whose part of a delay is whose, and how it compares with what the machine does at best just now. */
async function explain(world: World, hops: Hops, tablet: Tablet, since: number, drawn: number, topics: RegExp[]): Promise<void> {
  const seen = [['broker', hops.list], ['page', await tablet.arrivals()]] as const;
  const parts = topics.flatMap((topic) => seen.map(([where, list]) => [`${topic.source} at the ${where}`, firstSince(list, since, topic)] as const));
  const bare = await bareRoundTrip(world);
  console.log(`  ${parts.filter(([, at]) => at !== null).map(([what, at]) => `${what} ${Math.round(at! - since)}`).join(', ')}, drawn ${drawn - since} ms; ` +
    `${Math.round((drawn - since) / bare)} times a bare round trip of ${bare.toFixed(1)} ms`);
}

async function login(browser: Browser, world: World, user: string, options: Options = {}): Promise<Tablet> {
  const tablet = await Tablet.open(browser, world.address, options);
  await tablet.wait('input[name=user]');
  await tablet.logIn(user, `${user}-word`);
  await tablet.wait('.card');
  return tablet;
}

async function refusedLogin(browser: Browser, world: World): Promise<Tablet> {
  const tablet = await Tablet.open(browser, world.address);
  await tablet.wait('input[name=user]');
  none('axe on the login', await tablet.audit());
  await tablet.logIn('trainer', 'wrong');
  await tablet.wait('dialog [role=alert]');
  check('no mats without a login', (await tablet.page.locator('.card').count()) === 0);
  check('nobody is said to train unless it is known', (await tablet.page.textContent('.age')) === 'no data yet');
  await tablet.logIn('trainer', 'trainer-word');
  await tablet.wait('.card');
  check('the login sheet is gone', (await tablet.page.locator('dialog').count()) === 0);
  await tablet.name('Kim');
  return tablet;
}

/* What the session sheet starts, with a name that would be an image if it were markup. */
async function markup(tablet: Tablet): Promise<void> {
  await tablet.page.click('[data-kit="6"]');
  await tablet.page.fill('input[name=athlete]', MARKUP);
  none('axe on the session', await tablet.audit());
  await tablet.page.click('dialog form button[type=submit]');
  await tablet.page.waitForFunction(([selector, name]) => document.querySelector(selector!)?.textContent === name, [`${tablet.card('6')} .name`, MARKUP]);
  check('a name is text', (await tablet.page.locator('img').count()) === 0);
  await tablet.page.click('[data-kit="6"]');
  await tablet.page.click('[data-tab=session]');
  await tablet.wait('dialog form button[type=submit]:disabled');
  await tablet.page.click('#end');
  await tablet.page.click('#end');
  await tablet.wait(`${tablet.card('6')}.is-free`);
}

/* Each state of the design, from the gym's script to the pixel. */
async function states(tablet: Tablet, narrow: Tablet, benign: Promise<number>): Promise<void> {
  await benign;
  await tablet.wait(`${tablet.card('5')}.is-technical .lacks`);
  await tablet.wait(`${tablet.card('4')}.is-technical .sensors`);
  await tablet.wait(`${tablet.card('2')}.correct`);
  await narrow.wait(`${narrow.card('2')}.correct`);
  const { height } = (await narrow.page.locator(`${narrow.card('2')} .name`).first().boundingBox())!;
  check('a name is on one line', height < 40, `${height} px`);
  await tablet.wait(`${tablet.card('3')}.ask`);
  await tablet.wait(`${tablet.card('1')}.stop:not(.is-acknowledged)`);
  check('STOP is read out', (await tablet.page.textContent('[aria-live=assertive]'))!.includes('ana'));
  check('a technical fault is never red', (await tablet.page.locator('.card.stop').count()) === 1);
}

async function answered(tablet: Tablet): Promise<void> {
  await tablet.page.click(`${tablet.card('3')} .actions button:first-child`);
  await tablet.wait(`${tablet.card('3')}:not(.ask)`);
}

async function threeTaps(tablet: Tablet, kit: string, world: World, hops: Hops): Promise<void> {
  await tablet.page.click(`${tablet.card(kit)} .line`);
  none('axe on the symptom sheet', await tablet.audit());
  await tablet.page.click('[data-site="low_back-unknown"]');
  const red = tablet.when(`${tablet.card(kit)}.stop`);
  const clicked = await tablet.click('[data-symptom=sharp]');
  took('from the symptom button to red', (await red) - clicked);
  await explain(world, hops, tablet, clicked, await red, [/command.symptom$/, /alert$/]);
}

async function acknowledged(tablet: Tablet, other: Tablet, kit: string, world: World, hops: Hops): Promise<void> {
  const loud = `${tablet.card(kit)}.stop:not(.is-acknowledged)`;
  await Promise.all([tablet.wait(loud), other.wait(loud)]);
  const silent = other.when(`${tablet.card(kit)}.stop.is-acknowledged`);
  const clicked = await tablet.click(`${tablet.card(kit)} .actions button`);
  took('from acknowledging to silence on the other tablet', (await silent) - clicked);
  await explain(world, hops, other, clicked, await silent, [/command.acknowledge$/, /alert$/]);
}

async function cleared(tablet: Tablet, other: Tablet, kit: string): Promise<void> {
  await tablet.page.click(`${tablet.card(kit)} .actions button`);
  await tablet.page.click('#clear');
  await other.wait(`${tablet.card(kit)}:not(.stop)`);
}

/* A STOP flashes, but not for who asked the tablet for less motion. */
async function flash(tablet: Tablet, kit: string): Promise<void> {
  const card = `${tablet.card(kit)}.stop:not(.is-acknowledged)`;
  const [lit, unlit] = await tablet.grounds(card);
  check('a STOP flashes', lit !== unlit);
  await tablet.page.emulateMedia({ reducedMotion: 'reduce' });
  const [still, stays] = await tablet.grounds(card);
  check('a STOP does not flash with reduced motion', still === stays);
  await tablet.page.emulateMedia({ reducedMotion: null });
}

/* Who may only look is told so, and nothing happens. The name is asked for on the way. */
async function refusedPublish(screen: Tablet): Promise<void> {
  await screen.page.click(`${screen.card('1')} .actions button`);
  await screen.sayName('Screen');
  await screen.wait('.notice.is-error');
  check('the card is as loud as before', (await screen.page.locator(`${screen.card('1')}.stop:not(.is-acknowledged)`).count()) === 1);
}

/* The open tab has the focus; arrows move from it, Enter opens, and Escape leads back to where one was. */
async function tabs(tablet: Tablet): Promise<void> {
  const { page } = tablet;
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['tab'] ?? (document.activeElement as HTMLElement).dataset['kit']);
  await tablet.wait('[data-tab=symptom][aria-selected=true]');
  check('the open tab has the focus', (await focused()) === 'symptom');
  await page.keyboard.press('ArrowLeft');
  check('an arrow goes round', (await focused()) === 'session');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await tablet.wait('[data-tab=calibration][aria-selected=true]');
  check('the tab that was opened has the focus', (await focused()) === 'calibration');
  check('one tab is reached by Tab', (await page.locator('[role=tab]:not([tabindex="-1"])').count()) === 1);
  await tablet.close();
  check('the focus is back at the mat', (await focused()) === '2');
}

async function keyboard(tablet: Tablet): Promise<void> {
  const { page } = tablet;
  await page.focus('[data-kit="1"]');
  await page.keyboard.press('ArrowRight');
  check('an arrow moves to the next mat', (await page.evaluate(() => (document.activeElement as HTMLElement).dataset['kit'])) === '2');
  await page.keyboard.press('s');
  await tabs(tablet);
  await page.keyboard.press('s');
  await page.focus('[data-site="hip-right"]');
  await page.keyboard.press('Enter');
  check('Enter chooses a place', (await page.getAttribute('[data-site="hip-right"]', 'aria-pressed')) === 'true');
  await tablet.close();
  await page.keyboard.press('m');
  await page.waitForFunction(() => document.querySelector('#mute')?.getAttribute('aria-pressed') === 'true');
  check('mute counts down', /\d/.test((await page.textContent('#mute'))!));
  await page.keyboard.press('m');
  await page.keyboard.press('p');
  await page.waitForFunction(() => !document.querySelector('[data-kit="6"]'));
  await page.keyboard.press('p');
  await tablet.wait('[data-kit="6"]');
}

async function sheets(tablet: Tablet): Promise<void> {
  const { page } = tablet;
  await page.click(`${tablet.card('2')} .line`);
  await page.click('[data-tab=explain]');
  await tablet.wait('dialog.explain .chart canvas');
  check('a chart says what its first number is', (await page.locator('.u-legend .u-label').first().textContent()) === 'from the pop');
  check('the form score is drawn', (await page.locator('.form .is-in').count()) >= 1);
  none('axe on explain', await tablet.audit());
  await tablet.close();
  await page.click(`${tablet.card('5')} .actions button`);
  check('the step that is due is offered', (await page.textContent('#next')) === 'Next: Flat back');
  check('what is waited for is said', (await page.textContent('.awaited')) === 'Waiting for you: tap “Next: Flat back” as soon as emil is ready.');
  await page.click('#next');
  await tablet.wait('.guide.running, .guide.accepted, .guide.rejected');
  await tablet.wait('.awaited');
  await tablet.wait('.bubble .ball');
  none('axe on the calibration', await tablet.audit());
  await tablet.close();
}

/* A sheet of A4 with the open sheet alone, and nothing to touch. */
async function paper(tablet: Tablet): Promise<void> {
  const { page } = tablet;
  await page.emulateMedia({ media: 'print' });
  none('axe on paper', await tablet.audit());
  check('nothing to touch is printed', (await page.locator('button:visible, input:visible').count()) === 0);
  check('no mats are printed with a sheet', (await page.locator('.card:visible').count()) === 0);
  check('what it is for is printed', (await page.locator('dialog .print-only').boundingBox())!.height > 5);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  check('the paper is A4', /MediaBox ?\[0 0 59[45][.\d]* 84[12]/.test(pdf));
  await page.emulateMedia({ media: null });
}

/* What the gateway's journal tells of an athlete. */
async function journal(tablet: Tablet, kit: string, told: string): Promise<void> {
  await tablet.page.click(`${tablet.card(kit)} .line`);
  await tablet.page.click('[data-tab=history]');
  const event = tablet.page.locator('dialog .events li', { hasText: told }).first();
  const retry = tablet.page.locator('#retry');
  await event.or(retry).first().waitFor();
  /* The gateway is asked again where the machine was too slow to answer. */
  if (await retry.isVisible()) await retry.click();
  await event.waitFor();
  const all = await tablet.page.locator('dialog .events li').allTextContents();
  none('events without a day, or with what is unknown', all.filter((each) => !/^\d\d\/\d\d\/\d{4}, \d\d:\d\d .*[^–]$/.test(each)));
  none('axe on the history', await tablet.audit());
  await paper(tablet);
  await tablet.close();
}

const RADIO = { online: true, version: '1', slots: 7, uncertainty_ms: 0.4, behind_s: 0, lost: 0, refused: 0 };

async function radios(tablet: Tablet, world: World): Promise<void> {
  const { page } = tablet;
  check('a single gateway shows no radios', (await page.locator('#radios').count()) === 0);
  world.publish('gateway/hall/radios', {
    gateway: 'hall',
    radios: [
      { ...RADIO, name: 'mat-1', serves: ['1-pelvis', '1-thigh'], if_lost: { moving: 1, left: ['1-thigh'] } },
      { ...RADIO, name: 'mat-2', online: false, serves: [], if_lost: { moving: 0, left: [] } },
    ],
    waiting: [{ wearable: '2-pelvis', code: 'no_slot' }],
  });
  await page.click('#radios');
  const text = (await page.locator('dialog').innerText()).replace(/\s+/g, ' ');
  for (const part of ['mat-1 online 2 of 7 links', 'nothing serves 1-thigh', 'mat-2 offline 0 of 7 links', '2-pelvis waits: every radio']) {
    check(`the radios say: ${part}`, text.includes(part), text);
  }
  none('axe on the radios', await tablet.audit());
}

async function looks(tablet: Tablet, world: World): Promise<void> {
  none('axe on the mats', await tablet.audit());
  none('targets smaller than a finger', await tablet.smallTargets());
  await tablet.page.click('#menu');
  none('axe on the settings', await tablet.audit());
  await tablet.page.click('#language');
  await tablet.page.waitForFunction(() => document.documentElement.lang === 'de');
  await tablet.page.click('#language');
  await tablet.page.waitForFunction(() => document.documentElement.lang === 'en');
  await radios(tablet, world);
  await tablet.close();
}

async function phone(browser: Browser, world: World): Promise<Tablet> {
  const tablet = await login(browser, world, 'trainer', { width: 360, height: 740, language: 'de-DE', scheme: 'light' });
  await tablet.page.waitForFunction(() => document.documentElement.lang === 'de');
  none('axe on a phone, light, in German', await tablet.audit());
  check('no sideways scrolling on a phone', await tablet.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await tablet.page.click(`${tablet.card('4')} .line`);
  none('targets on the body of a phone', await tablet.smallTargets());
  await tablet.close();
  return tablet;
}

/* No connection, gateway gone, wearable silent: each is recognised as what it is, and passes. */
async function stale(tablet: Tablet, world: World, hops: Hops): Promise<void> {
  const card = tablet.card('4');
  const silent = tablet.when(`${card}.is-wearable_silent`);
  const stopped = Date.now();
  world.signal('gym', 'SIGSTOP');
  took('from the last sample to "sensor silent"', (await silent) - stopped, 3000);
  await explain(world, hops, tablet, stopped, await silent, [/wearable.4-\w+.status$/]);
  /* What arrived last is live for a moment longer than the sensor. */
  await tablet.page.waitForFunction((number) => document.querySelector(number)?.textContent?.startsWith('–'), `${card} .gauge .number`);
  world.signal('gym', 'SIGCONT');
  await tablet.wait(`${card}:not(.is-wearable_silent)`);
  const gone = tablet.when(`${card}.is-gateway_gone`);
  const killed = Date.now();
  await world.kill('coxad');
  took('from the end of coxad to "gateway gone"', (await gone) - killed, 2000);
  await explain(world, hops, tablet, killed, await gone, [/gateway.[-\w]+.status$/]);
  world.startCoxad();
  await tablet.wait(`${card}:not(.is-gateway_gone)`);
  const lost = tablet.when('.page.is-stale .banner');
  const cut = Date.now();
  const connections = world.connections();
  await world.kill('mosquitto');
  took('from the end of the broker to a grey page', (await lost) - cut, 2000);
  await world.startBroker();
  await tablet.wait('.page:not(.is-stale)');
  await tablet.wait(card);
  /* The page may be back before coxad is, and would command in vain. */
  await until('coxad at the broker', () => world.connections() > connections);
}

/* A mat that coxad gets by a reload, and has no more after another. */
async function otherMats(tablet: Tablet, world: World): Promise<void> {
  world.reload('\n[kit 7]\nexercise = supine-bent\n');
  await tablet.wait(`${tablet.card('7')}.is-free`);
  world.reload('');
  await tablet.page.waitForSelector(tablet.card('7'), { state: 'detached' });
  check('the other mats stay', (await tablet.page.locator('.card').count()) === 6);
}

/* While a tablet sleeps, its wall clock goes on without the page's: what looks connected may be long dead. */
async function slept(tablet: Tablet): Promise<void> {
  const lost = tablet.when('.page.is-stale');
  await tablet.page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 60_000;
    setTimeout(() => { Date.now = now; }, 1000);
  });
  await lost;
  await tablet.wait('.page:not(.is-stale)');
}

/* Longer than a silent broker is borne with. */
const HELD_UP_MS = 16_000;

/* A page that the tablet gives no time to is behind, but its connection lives. */
async function heldUp(tablet: Tablet): Promise<void> {
  const isLost = await tablet.page.evaluate((ms) => new Promise<boolean>((resolve) => {
    let lost = false;
    new MutationObserver(() => { lost ||= document.querySelector('.is-stale') !== null; }).observe(document, { subtree: true, attributes: true });
    setTimeout(() => resolve(lost), ms + 4000);
    for (const end = performance.now() + ms; performance.now() < end;);
  }), HELD_UP_MS);
  check('a page that was held up keeps its connection', !isLost);
}

/* A network that swallows everything is noticed without anybody closing the connection. */
async function deadNetwork(tablet: Tablet, world: World): Promise<void> {
  const lost = tablet.when('.page.is-stale .banner');
  const stopped = Date.now();
  world.signal('mosquitto', 'SIGSTOP');
  took('from the last word of the broker to a grey page', (await lost) - stopped, 14_000);
  world.signal('mosquitto', 'SIGCONT');
  await tablet.wait('.page:not(.is-stale)');
}

/* Who has a STOP open keeps the mat. */
async function classOver(tablet: Tablet): Promise<void> {
  const { page } = tablet;
  await page.click('#menu');
  await page.getByRole('button', { name: 'End all sessions' }).click();
  check('a sheet in the place of another has the focus', await page.evaluate(() => document.querySelector('dialog')!.contains(document.activeElement)));
  check('who trains is named', (await page.textContent('dialog b')) === 'ana, ben, cleo, dara, emil');
  none('axe on the end of a class', await tablet.audit());
  await page.click('#end-all');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.waitForFunction(() => document.querySelectorAll('.card.is-free').length === 5);
  await page.click('#menu');
  check('there is nothing more to end', (await page.getByRole('button', { name: 'End all sessions' }).count()) === 0);
  await tablet.close();
}

function bundle(): void {
  const bytes = gzipSync(readFileSync(join(process.cwd(), 'dist/index.html')), { level: 9 }).length;
  console.log(`compressed: ${bytes} bytes`);
  check('the page is small', bytes < COMPRESSED_BYTES, `${bytes} bytes`);
}

async function pictures(tablet: Tablet, folder: string | undefined): Promise<void> {
  if (!folder) return;
  await tablet.page.setViewportSize({ width: 1280, height: 800 });
  await tablet.page.evaluate(() => (document.activeElement as HTMLElement)?.blur());
  await tablet.page.waitForSelector('html:not(.is-lit)');
  await tablet.page.screenshot({ path: join(folder, 'dashboard.png') });
  await tablet.page.setViewportSize({ width: 1280, height: 720 });
}

async function tour(browser: Browser, world: World, hops: Hops, script: string, folder: string | undefined): Promise<void> {
  const tablet = await refusedLogin(browser, world);
  const [other, screen] = [await login(browser, world, 'trainer', { scheme: 'light' }), await login(browser, world, 'screen', { width: 1180, height: 820 })];
  await markup(tablet);
  await keyboard(tablet);
  const benign = tablet.when(`${tablet.card('1')}.benign`);
  world.startGym(script);
  await states(tablet, screen, benign);
  await pictures(tablet, folder);
  await answered(tablet);
  await looks(tablet, world);
  await refusedPublish(screen);
  await flash(screen, '1');
  none('axe on the mats, light', await other.audit());
  await sheets(tablet);
  await threeTaps(tablet, '4', world, hops);
  await acknowledged(tablet, other, '4', world, hops);
  await cleared(tablet, other, '4');
  await journal(tablet, '4', 'STOP: acknowledged by Kim');
  await journal(tablet, '1', 'STOP: raised');
  const small = await phone(browser, world);
  await otherMats(tablet, world);
  await slept(tablet);
  await heldUp(tablet);
  await deadNetwork(tablet, world);
  await stale(tablet, world, hops);
  await classOver(tablet);
  for (const each of [tablet, other, screen, small]) none('faults in a page', each.faults);
}

async function main(): Promise<void> {
  const [script, folder] = process.argv.slice(2);
  const world = new World();
  const browser = await launch();
  let hops: Hops | null = null;
  bundle();
  try {
    await world.open(script!);
    hops = new Hops(world);
    await tour(browser, world, hops, script!, folder);
  } catch (error) {
    check('the tour', false, `${error}\n${world.logs()}`);
    await Promise.all(browser.contexts().map((context, i) => context.pages()[0]?.screenshot({ path: `failed-${i}.png` })));
  } finally {
    hops?.close();
    await browser.close();
    await world.close();
  }
  finish();
}

await main();
