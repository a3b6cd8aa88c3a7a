// SPDX-License-Identifier: MIT
/* What is wrong with the sensors of a kit. It never looks like a verdict on the athlete. */
import { ageOf } from './clock';
import { gatewayOfKit, type Athlete, type Kit, type Model, type Wearable } from './model';
import { isSilent, wearablesOfKit, type StaleCause } from './stale';

export type TechnicalCode = 'silent' | 'uncalibrated' | 'battery' | 'link' | 'clock' | 'shift' | 'no_data' | 'gateway_gone' | string;
export interface Technical {
  code: TechnicalCode;
  wearable: string | null;
  placement: string | null;
  value: number | null;
}

const BATTERY_PERCENT = 15;
/* Beyond this the daemon does not match a pop to a posture (decision-model.md 5). */
const CLOCK_MS = 50;
const LOSS_PERCENT = 10;

function ofWearable(m: Model, kit: Kit, w: Wearable, now: number): Technical[] {
  const status = w.status!;
  const ret: Technical[] = [];
  const add = (code: TechnicalCode, value: number | null = null) => ret.push({ code, wearable: w.name, placement: status.placement, value });
  if (status.problem) add(status.problem);
  if (isSilent(w)) {
    const clock = gatewayOfKit(m, kit)?.clock;
    add(status.state, clock ? ageOf(clock, status.last_data ?? null, now) : null);
    return ret;
  }
  if (status.battery_percent !== null && status.battery_percent < BATTERY_PERCENT) add('battery', status.battery_percent);
  const { skew_ppm, uncertainty_ms } = status.clock;
  /* Without a skew it is still learning. */
  if (skew_ppm !== null && uncertainty_ms !== null && uncertainty_ms > CLOCK_MS) add('clock', uncertainty_ms);
  if (status.loss_percent !== null && status.loss_percent > LOSS_PERCENT) add('link', status.loss_percent);
  return ret;
}

const ofKit = (code: TechnicalCode): Technical => ({ code, wearable: null, placement: null, value: null });

/** Only for a mat in use: sensors in their box are silent, and nobody minds. */
export function technicalOf(m: Model, kit: Kit, athlete: Athlete | null, stale: StaleCause | null, now: number): Technical[] {
  if (!kit.session || stale === 'no_connection') return [];
  if (stale === 'gateway_gone') return [ofKit('gateway_gone')];
  const ret = wearablesOfKit(m, kit.name).flatMap((w) => ofWearable(m, kit, w, now));
  if (stale === 'wearable_silent' && ret.length === 0) ret.push(ofKit('no_data'));
  const quality = athlete?.track.newest?.quality ?? [];
  if (quality.includes('SENSOR_SHIFT')) ret.push(ofKit('shift'));
  const isCalibrated = kit.calibration?.calibrated ?? kit.session.calibration.calibrated;
  if (!isCalibrated) ret.push(ofKit('uncalibrated'));
  return ret;
}
