// SPDX-License-Identifier: MIT
/* A message changes the model. A message twice changes nothing the second time. */
import type * as T from '../../generated/types';
import { learn, learnExactly } from './clock';
import { keepPop, keepRep, keepSummary } from './keep';
import { decode, type Message, type Refusal } from './message';
import { athleteOf, gatewayOf, kitOf, LATE_MS, wearableOf, type Athlete, type Link, type Model } from './model';
import { push } from './track';

const LATE_KEPT = 50;
/* A name costs memory for as long as the page is open; a gym has some hundreds. */
const NAMES_MAX = 2000;

type Body<K extends Message['kind']> = NonNullable<Extract<Message, { kind: K }>['body']>;

function hear(m: Model, name: string, now: number): void {
  gatewayOf(m, name).heard = now;
}

/* Who wears which kit, at which gateway, as far as an event tells. */
function place(m: Model, athlete: Athlete, kit: string, gateway: string | null): void {
  athlete.kit = kit;
  if (gateway === null) return;
  athlete.gateway = gateway;
  kitOf(m, kit).gateway = gateway;
}

function onEvent(m: Model, athlete: Athlete, body: { gateway: string; time: string | null }, isRetained: boolean, now: number): void {
  athlete.gateway = body.gateway;
  const gateway = gatewayOf(m, body.gateway);
  learn(gateway.clock, body.time, now);
  if (!isRetained) gateway.heard = now;
}

function addLate(m: Model, late: Omit<Model['late'][number], 'at'>, now: number): void {
  if (m.late.some((known) => known.id === late.id)) return;
  m.late.push({ ...late, at: now });
  if (m.late.length > LATE_KEPT) m.late.shift();
}

function onPop(m: Model, pop: T.Pop, name: string, now: number): void {
  const athlete = athleteOf(m, name);
  if (athlete.pops.get(pop.id)?.some((known) => known.rev === pop.rev)) return;
  place(m, athlete, pop.kit, pop.gateway);
  keepPop(m, athlete, pop);
  const late_ms = pop.late_ms ?? 0;
  if (late_ms > LATE_MS && pop.severity >= 1) addLate(m, { id: pop.id, athlete: name, severity: pop.severity, class: pop.class, late_ms }, now);
}

function onAlert(m: Model, alert: T.Alert, name: string, now: number): void {
  const athlete = athleteOf(m, name);
  place(m, athlete, alert.kit, alert.gateway);
  const late_ms = alert.late_ms ?? 0;
  if (late_ms > LATE_MS && alert.state !== 'cleared') {
    addLate(m, { id: alert.alert, athlete: name, severity: alert.severity, class: alert.class, late_ms }, now);
  }
  const known = athlete.alerts.get(alert.alert);
  if (alert.state === 'cleared') athlete.alerts.delete(alert.alert);
  else if (late_ms <= LATE_MS || known) athlete.alerts.set(alert.alert, { ...alert, athlete: name, late_ms: known?.late_ms ?? late_ms });
}

/* The list is the truth about what is open now: an alert that it does not name was cleared while
 * nobody listened.
 */
function onAlerts(m: Model, list: T.Alerts | null, name: string): void {
  const athlete = athleteOf(m, name);
  const before = athlete.alerts;
  athlete.alerts = new Map();
  for (const alert of list?.alerts ?? []) {
    const late_ms = before.get(alert.alert)?.late_ms ?? m.late.find((late) => late.id === alert.alert)?.late_ms ?? 0;
    athlete.alerts.set(alert.alert, { ...alert, athlete: name, late_ms });
    athlete.kit ??= alert.kit;
  }
}

function onSession(m: Model, session: T.Session | null, name: string): void {
  const kit = kitOf(m, name);
  kit.session = session;
  if (!session) return;
  const athlete = athleteOf(m, session.athlete);
  athlete.kit = name;
  if (kit.gateway) athlete.gateway = kit.gateway;
}

function onInventory(m: Model, inventory: T.GatewayInventory | null, name: string): void {
  gatewayOf(m, name).inventory = inventory;
  for (const kit of inventory?.kits ?? []) kitOf(m, kit.name).gateway = name;
}

function onStats(m: Model, stats: T.GatewayStats, name: string, now: number): void {
  const gateway = gatewayOf(m, name);
  gateway.heard = now;
  learnExactly(gateway.clock, stats.time, now);
}

function onStatus(m: Model, status: T.GatewayStatus | null, name: string, isRetained: boolean, now: number): void {
  const gateway = gatewayOf(m, name);
  gateway.status = status;
  if (!isRetained && status?.state === 'online') gateway.heard = now;
}

function onPosture(m: Model, posture: T.Posture, name: string, now: number): void {
  const athlete = athleteOf(m, name);
  push(athlete.track, posture, now);
  if (athlete.gateway) hear(m, athlete.gateway, now);
}

function onCue(m: Model, cue: T.Cue, name: string, now: number): void {
  const athlete = athleteOf(m, name);
  if ((cue.late_ms ?? 0) <= LATE_MS && cue.code !== 'NONE') athlete.cue = { code: cue.code, argument: cue.argument, at: now };
}

function onSummary(m: Model, summary: T.Summary, name: string, now: number): void {
  const athlete = athleteOf(m, name);
  keepSummary(athlete, summary);
  const gateway = athlete.gateway ?? kitOf(m, summary.kit).gateway;
  if (gateway) learn(gatewayOf(m, gateway).clock, summary.time, now);
}

function onAthlete(m: Model, message: Message, now: number): void {
  const { name, isRetained } = message;
  if (message.kind === 'athlete/alerts') return onAlerts(m, message.body, name);
  if (message.kind === 'athlete/summary' && message.body === null) athleteOf(m, name).summary = null;
  if (message.body === null) return;
  if ('gateway' in message.body && 'seq' in message.body) {
    onEvent(m, athleteOf(m, name), message.body as Body<'athlete/rep'>, isRetained, now);
  }
  switch (message.kind) {
    case 'athlete/posture': return onPosture(m, message.body, name, now);
    case 'athlete/rep': return keepRep(m, athleteOf(m, name), message.body);
    case 'athlete/pop': return onPop(m, message.body, name, now);
    case 'athlete/cue': return onCue(m, message.body, name, now);
    case 'athlete/alert': return onAlert(m, message.body, name, now);
    case 'athlete/summary': return onSummary(m, message.body, name, now);
  }
}

function onLive(m: Model, live: T.WearableLive | null, name: string, now: number): void {
  const wearable = wearableOf(m, name);
  wearable.live = live;
  wearable.live_at = now;
}

function route(m: Model, message: Message, now: number): void {
  const { name } = message;
  switch (message.kind) {
    case 'gateway/status': return onStatus(m, message.body, name, message.isRetained, now);
    case 'gateway/health': gatewayOf(m, name).health = message.body; return;
    case 'gateway/radios': gatewayOf(m, name).radios = message.body; return;
    case 'gateway/inventory': return onInventory(m, message.body, name);
    case 'gateway/stats': return message.body ? onStats(m, message.body, name, now) : undefined;
    case 'wearable/status': wearableOf(m, name).status = message.body; return;
    case 'wearable/live': return onLive(m, message.body, name, now);
    case 'kit/session': return onSession(m, message.body, name);
    case 'kit/calibration': kitOf(m, name).calibration = message.body; return;
    default: return onAthlete(m, message, now);
  }
}

function isFull(m: Model, { kind, name }: Message): boolean {
  const map = { gateway: m.gateways, wearable: m.wearables, kit: m.kits, athlete: m.athletes }[kind.split('/')[0] as 'kit'];
  return map.size >= NAMES_MAX && !map.has(name);
}

function note({ told }: Model, { kind, name, isRetained }: Message, now: number): void {
  if (!told) return;
  told.topics.add(`${kind} ${name}`);
  if (isRetained) Object.assign(told, { at: now, calls: 0 });
}

/** What arrived from the broker at `now` (ms, monotonic). What is no message of coxad is counted. */
export function receive(m: Model, base: string, topic: string, payload: Uint8Array, isRetained: boolean, now: number): Message | Refusal {
  const message = decode(base, topic, payload, isRetained);
  if (typeof message === 'string') {
    m.refused[message]++;
    return message;
  }
  if (isFull(m, message)) {
    m.refused.size++;
    return 'size';
  }
  note(m, message, now);
  route(m, message, now);
  return message;
}

/** The link to the broker changed. What comes after a break is told anew by the broker. */
export function setLink(m: Model, link: Link, now: number): void {
  if (m.link === link) return;
  /* Trying again is still the same loss. */
  if (!(m.link === 'lost' && link === 'connecting')) {
    m.link = link;
    m.link_since = now;
  }
  m.told = null;
}

/** The broker has confirmed the subscription: now it tells what it keeps. */
export function beginTelling(m: Model, now: number): void {
  m.told = { topics: new Set(), at: now, calls: 0 };
}

/* A retained topic that was removed meanwhile is not told again, so what the broker has not repeated
 * is gone once it has told nothing new for a while. Until then the old state stays: a red card does not
 * blink at each reconnection. Calls are counted too, because a page that was held up has not yet read
 * what lies in its socket; and a broker that knows nothing at all has lost its states, not the gym.
 */
const TOLD_MS = 3000;
const TOLD_CALLS = 20;

/** To be called ten times a second. */
export function sweep(m: Model, now: number): void {
  const { told } = m;
  if (!told || m.link !== 'online' || told.topics.size === 0) return;
  told.calls++;
  if (now - told.at < TOLD_MS || told.calls < TOLD_CALLS) return;
  m.told = null;
  const isGone = (topic: string) => !told.topics.has(topic);
  for (const kit of m.kits.values()) {
    if (isGone(`kit/session ${kit.name}`)) kit.session = null;
    if (isGone(`kit/calibration ${kit.name}`)) kit.calibration = null;
  }
  for (const gateway of m.gateways.values()) {
    if (isGone(`gateway/status ${gateway.name}`)) gateway.status = null;
    if (isGone(`gateway/health ${gateway.name}`)) gateway.health = null;
    if (isGone(`gateway/inventory ${gateway.name}`)) gateway.inventory = null;
    if (isGone(`gateway/radios ${gateway.name}`)) gateway.radios = null;
  }
  for (const w of m.wearables.values()) if (isGone(`wearable/status ${w.name}`)) w.status = null;
  for (const a of m.athletes.values()) {
    if (isGone(`athlete/alerts ${a.name}`) && isGone(`athlete/alert ${a.name}`)) a.alerts.clear();
  }
}
