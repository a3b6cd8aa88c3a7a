// SPDX-License-Identifier: MIT
/* Why a value is not live. Three causes, told apart because each has another remedy: the page has no
 * connection, the gateway is gone, or a wearable is silent.
 */
import type { Athlete, Gateway, Kit, Model, Wearable } from './model';
import { gatewayOfKit } from './model';

/* Posture comes ten times a second; the daemon itself calls 2 s without data silent. */
export const POSTURE_OLD_MS = 2000;
/* Stats come each 10 s; two and a half of them. */
export const GATEWAY_GONE_MS = 25_000;

export type StaleCause = 'no_connection' | 'gateway_gone' | 'wearable_silent';

export function isGatewayGone(m: Model, gateway: Gateway | null, now: number): boolean {
  if (!gateway) return false;
  if (gateway.status?.state === 'offline') return true;
  return now - Math.max(gateway.heard ?? -Infinity, m.link_since) > GATEWAY_GONE_MS;
}

export const wearablesOfKit = (m: Model, kit: string): Wearable[] =>
  [...m.wearables.values()].filter((w) => w.status?.kit === kit).sort((a, b) => (a.name < b.name ? -1 : 1));

export const isSilent = (w: Wearable): boolean => w.status !== null && w.status.state !== 'streaming';

const isPosture = (w: Wearable): boolean => /^(pelvis|lumbar|thigh-left|thigh-right)$/.test(w.status?.placement ?? '');

/** null: the athlete's posture is live, or there is none to expect. */
export function causeOfKit(m: Model, kit: Kit, athlete: Athlete | null, now: number): StaleCause | null {
  if (m.link !== 'online') return 'no_connection';
  if (isGatewayGone(m, gatewayOfKit(m, kit), now)) return 'gateway_gone';
  if (!kit.session || !athlete) return null;
  if (wearablesOfKit(m, kit.name).some((w) => isPosture(w) && isSilent(w))) return 'wearable_silent';
  return now - athlete.track.at > POSTURE_OLD_MS && Number.isFinite(athlete.track.at) ? 'wearable_silent' : null;
}
