// SPDX-License-Identifier: MIT
/* A topic and bytes from the broker become a checked message, or the reason why not. */
import type * as T from '../../generated/types';
import * as is from '../../generated/validators';

export interface Bodies {
  'gateway/status': T.GatewayStatus;
  'gateway/health': T.GatewayHealth;
  'gateway/stats': T.GatewayStats;
  'gateway/inventory': T.GatewayInventory;
  'gateway/radios': T.GatewayRadios;
  'wearable/status': T.WearableStatus;
  'wearable/live': T.WearableLive;
  'kit/session': T.Session;
  'kit/calibration': T.Calibration;
  'athlete/posture': T.Posture;
  'athlete/rep': T.Rep;
  'athlete/pop': T.Pop;
  'athlete/cue': T.Cue;
  'athlete/alert': T.Alert;
  'athlete/alerts': T.Alerts;
  'athlete/summary': T.Summary;
}
export type Kind = keyof Bodies;

/** body null: the retained message was removed. */
export type Message = { [K in Kind]: { kind: K; name: string; body: Bodies[K] | null; isRetained: boolean } }[Kind];
export type Refusal = 'topic' | 'size' | 'json' | 'schema';

const CHECK: { [K in Kind]: (value: unknown) => value is Bodies[K] } = {
  'gateway/status': is.isGatewayStatus,
  'gateway/health': is.isGatewayHealth,
  'gateway/stats': is.isGatewayStats,
  'gateway/inventory': is.isGatewayInventory,
  'gateway/radios': is.isGatewayRadios,
  'wearable/status': is.isWearableStatus,
  'wearable/live': is.isWearableLive,
  'kit/session': is.isSession,
  'kit/calibration': is.isCalibration,
  'athlete/posture': is.isPosture,
  'athlete/rep': is.isRep,
  'athlete/pop': is.isPop,
  'athlete/cue': is.isCue,
  'athlete/alert': is.isAlert,
  'athlete/alerts': is.isAlerts,
  'athlete/summary': is.isSummary,
};
export const KINDS = Object.keys(CHECK) as Kind[];

/* An inventory of a large gym has some tens of kilobytes. */
const BYTES_MAX = 256 * 1024;

const isKind = (word: string): word is Kind => Object.hasOwn(CHECK, word);

/** base without a slash at its end. */
export function decode(base: string, topic: string, payload: Uint8Array, isRetained: boolean): Message | Refusal {
  const [folder, name, what, ...more] = topic.slice(base.length + 1).split('/');
  const kind = `${folder}/${what}`;
  if (!topic.startsWith(base + '/') || !name || more.length > 0 || !isKind(kind)) return 'topic';
  if (payload.length > BYTES_MAX) return 'size';
  if (payload.length === 0) return { kind, name, body: null, isRetained } as Message;
  const body = parse(payload);
  if (body === undefined) return 'json';
  return CHECK[kind](body) ? ({ kind, name, body, isRetained } as Message) : 'schema';
}

export function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

export const isResult = is.isCommandResult;
