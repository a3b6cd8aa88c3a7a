// SPDX-License-Identifier: MIT
/* The limits in force, as the gateway's inventory says; without one, the daemon's defaults. */
import type { Gateway, Kit, Model } from './model';
import { gatewayOfKit } from './model';
import type { GatewayInventory } from '../../generated/types';

export type Limits = GatewayInventory['limits'];
export interface TiltZone {
  warn_deg: number;
  fault_deg: number;
  severe_deg: number;
}

/* Defaults of [analysis]; coxad.conf(5) has their sources. */
const DEFAULTS: Pick<Limits, 'control_angle_default' | 'loss_tilt_share' | 'span_default_deg' | 'form_tilt_fault_share' |
  'form_tilt_severe_share' | 'hang_tilt_warn_deg' | 'hang_tilt_fault_deg' | 'hang_tilt_severe_deg' | 'form_limit'> = {
  control_angle_default: 40, loss_tilt_share: 0.45, span_default_deg: 8.7, form_tilt_fault_share: 0.9, form_tilt_severe_share: 1.35,
  hang_tilt_warn_deg: 3, hang_tilt_fault_deg: 6, hang_tilt_severe_deg: 10, form_limit: 40,
};

export const limitsOf = (gateway: Gateway | null): typeof DEFAULTS & Partial<Limits> => gateway?.inventory?.limits ?? DEFAULTS;

/** Where the tilt of this athlete begins to count, is a fault, is severe. */
export function tiltZoneOf(m: Model, kit: Kit): TiltZone {
  const limits = limitsOf(gatewayOfKit(m, kit));
  if (kit.session?.exercise === 'hang') {
    return { warn_deg: limits.hang_tilt_warn_deg, fault_deg: limits.hang_tilt_fault_deg, severe_deg: limits.hang_tilt_severe_deg };
  }
  const span = kit.session?.calibration.span_deg ?? limits.span_default_deg;
  return { warn_deg: span * limits.loss_tilt_share, fault_deg: span * limits.form_tilt_fault_share, severe_deg: span * limits.form_tilt_severe_share };
}
