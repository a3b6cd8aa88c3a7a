// SPDX-License-Identifier: MIT
/* The model at an instant as what is on the screen, in codes and numbers; words and pixels are the
 * view's. Pure: the same model and instant give the same picture.
 */
import { ageOf, gatewayTime } from './clock';
import { cardOf, type CardView } from './card';
import { gatewayOfKit, LATE_MS, type Gateway, type Kit, type Model, type OpenAlert } from './model';
import { isGatewayGone, type StaleCause } from './stale';

export interface RailEntry {
  id: string;
  athlete: string;
  kit: string | null;
  state: 'stop' | 'correct' | 'call' | 'ask';
  severity: number;
  reasons: string[];
  age_ms: number | null;
  late_ms: number;
  alert: string | null;
  is_acknowledged: boolean;
  by: string | null;
}
export interface HealthEntry {
  gateway: string;
  code: string;
  subject: string;
  severity: 'warning' | 'failure';
  text: string;
}
export interface PageView {
  /** null: what is shown is as live as each card says */
  stale: StaleCause | null;
  link: Model['link'];
  /** the gateway's time when the connection was lost, in ms since 1970 */
  stale_since: number | null;
  /** the gateway's time now */
  time: number | null;
  /** age of the newest posture of all who train */
  data_age_ms: number | null;
  counts: { stop: number; correct: number; ask: number; technical: number };
  rail: RailEntry[];
  cards: CardView[];
  health: HealthEntry[];
  gone: string[];
}

/* Mats are numbered; 10 comes after 9. Never by language: the order is the same on every tablet. */
export function compareNames(a: string, b: string): number {
  const [x, y] = [parseInt(a, 10), parseInt(b, 10)];
  if (!Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

/* A kit of nothing but room microphones is no mat, nor is one that its gateway has no more. */
function isMat(m: Model, kit: Kit): boolean {
  if (kit.session) return true;
  const inventory = gatewayOfKit(m, kit)?.inventory;
  if (kit.gateway && inventory?.kits.every((each) => each.name !== kit.name)) return false;
  const placements = inventory?.wearables.filter((w) => w.kit === kit.name).map((w) => w.placement) ??
    [...m.wearables.values()].filter((w) => w.status?.kit === kit.name).map((w) => w.status!.placement);
  return placements.length === 0 || placements.some((placement) => placement !== 'room');
}

function kitsInOrder(m: Model): Kit[] {
  for (const w of m.wearables.values()) {
    if (w.status && !m.kits.has(w.status.kit)) m.kits.set(w.status.kit, { name: w.status.kit, session: null, calibration: null, gateway: null });
  }
  return [...m.kits.values()].filter((kit) => isMat(m, kit)).sort((a, b) => compareNames(a.name, b.name));
}

const anyGateway = (m: Model): Gateway | null =>
  [...m.gateways.values()].filter((g) => g.clock.wall_ms !== null).sort((a, b) => (a.name < b.name ? -1 : 1))[0] ?? null;

function railOfAlert(m: Model, alert: OpenAlert, now: number): RailEntry {
  const athlete = m.athletes.get(alert.athlete);
  const gateway = athlete?.gateway ? m.gateways.get(athlete.gateway) : anyGateway(m);
  return {
    id: alert.alert, athlete: alert.athlete, kit: alert.kit, reasons: alert.reasons, severity: alert.severity, alert: alert.alert,
    state: alert.severity >= 3 ? 'stop' : alert.class === 'review' ? 'call' : 'ask', late_ms: alert.late_ms > LATE_MS ? alert.late_ms : 0,
    age_ms: gateway ? ageOf(gateway.clock, alert.since, now) : null, is_acknowledged: alert.state === 'acknowledged', by: alert.by,
  };
}

function railOfCard(card: CardView): RailEntry[] {
  if (card.alert || !card.athlete || (card.state !== 'correct' && card.state !== 'ask')) return [];
  return [{
    id: card.pop ?? card.kit, athlete: card.athlete, kit: card.kit, state: card.state, severity: card.severity, reasons: card.reasons,
    age_ms: card.since_age_ms, late_ms: 0, alert: null, is_acknowledged: false, by: null,
  }];
}

const STATE_OF_LATE = { red_flag: 'stop', symptom_only: 'stop', form_fault: 'correct', review: 'ask', benign: 'ask', not_a_pop: 'ask' } as const;

/* Late news stays a while, then it is history. */
const LATE_SHOWN_MS = 10 * 60_000;

function railOfLate(m: Model, open: Set<string>, now: number): RailEntry[] {
  return m.late.filter((late) => now - late.at < LATE_SHOWN_MS && !open.has(late.id)).map((late) => ({
    id: late.id, athlete: late.athlete, kit: m.athletes.get(late.athlete)?.kit ?? null, severity: late.severity, reasons: [],
    state: late.severity >= 3 ? 'stop' : STATE_OF_LATE[late.class], age_ms: late.late_ms + now - late.at, late_ms: late.late_ms,
    alert: null, is_acknowledged: true, by: null,
  }));
}

function railOf(m: Model, cards: CardView[], now: number): RailEntry[] {
  const alerts = [...m.athletes.values()].flatMap((athlete) => [...athlete.alerts.values()]);
  const open = new Set(alerts.map((alert) => alert.alert));
  const entries = [
    ...alerts.map((alert) => railOfAlert(m, alert, now)), ...cards.flatMap(railOfCard), ...railOfLate(m, open, now),
  ];
  return entries.sort((a, b) => b.severity - a.severity || (b.age_ms ?? 0) - (a.age_ms ?? 0) || (a.id < b.id ? -1 : 1));
}

/* That who has ended sends nothing any more is no news. */
function dataAge(m: Model, now: number): number | null {
  const athletes = [...m.kits.values()].flatMap(({ session }) => (session ? [m.athletes.get(session.athlete)] : []));
  const at = Math.max(...athletes.map((athlete) => athlete?.track.at ?? -Infinity), -Infinity);
  return Number.isFinite(at) ? now - at : null;
}

const healthOf = (m: Model): HealthEntry[] =>
  [...m.gateways.values()].flatMap((g) => (g.health?.problems ?? []).map(({ code, subject, severity, text }) => ({ gateway: g.name, code, subject, severity, text })));

export function viewOf(m: Model, now: number): PageView {
  const cards = kitsInOrder(m).map((kit) => cardOf(m, kit, now));
  const clock = anyGateway(m)?.clock ?? null;
  const isStale = m.link !== 'online';
  const has = (state: CardView['state']) => cards.filter((card) => card.state === state).length;
  return {
    stale: isStale ? 'no_connection' : null,
    link: m.link,
    stale_since: isStale && clock ? gatewayTime(clock, m.link_since) : null,
    time: clock && !isStale ? gatewayTime(clock, now) : null,
    data_age_ms: dataAge(m, now),
    counts: { stop: has('stop'), correct: has('correct') + has('call'), ask: has('ask'), technical: cards.filter((card) => card.technical.length > 0).length },
    rail: railOf(m, cards, now),
    cards,
    health: healthOf(m),
    gone: [...m.gateways.values()].filter((g) => isGatewayGone(m, g, now)).map((g) => g.name),
  };
}
