// SPDX-License-Identifier: MIT
/* A gym of one gateway and two mats, told message by message, as the daemon would. */
import { receive, setLink } from '../src/core/apply';
import { newModel, type Model } from '../src/core/model';
import { viewOf } from '../src/core/view';

export const BASE = 'coxa/v1/gym';
/* Any instant; the page's own clock begins at 0. */
export const START = Date.parse('2026-03-02T09:00:00.000Z');

const EVENT = { time_uncertainty_ms: 3, gateway: 'pi' };
const POSTURE = {
  phase: 'lower', side: 'both', rep: 2, elevation_left_deg: 41, elevation_right_deg: 39, hip_flexion_left_deg: 40, hip_flexion_right_deg: 38,
  pelvic_tilt_deg: 2.5, lumbar_extension_deg: null, speed_deg_s: -20, quality: [],
};
const POP = {
  ...EVENT, rev: 1, state: 'provisional', supersedes: null, kit: '1', site: 'hip-right', levels_db: {}, class: 'benign', severity: 0,
  confidence: { total: 0.8, origin: 1, posture: 1, symptom: 1, margin: 1 }, phase: 'lower', side: 'right', rep: 2, elevation_deg: 38,
  hip_flexion_deg: 39, pelvic_tilt_deg: 1, lumbar_extension_deg: null, speed_deg_s: -30,
  form: { total: 0, f1: 0, f2: 0, f3: 0, f4: 0, f5: 0, f6: 0, f7: 0 }, pattern: 'UNSPECIFIED', reasons: ['FIRST_SEEN'], cues: [], symptoms: [],
  config_hash: '0123456789abcdef',
};
const REP = {
  ...EVENT, side: 'both', rep: 2, kind: [], range_deg: 60, raise_ms: 1500, top_ms: 300, lower_ms: 2500, theta_loss_deg: null, control_angle_deg: 42,
  sparc: -1.5, asymmetry_deg: 1, tilt_curve: null, pops: [], quality: [],
};
const STATUS = {
  state: 'streaming', kit: '1', placement: 'pelvis', driver: 'coxa', battery_percent: 80, rssi_dbm: -60, rate_hz: 104, loss_percent: 0,
  last_data: null, firmware: '1', adapter: '1A2B', radio: null, is_bonded: null, clock: { skew_ppm: 2, uncertainty_ms: 3, coverage: 1 }, drops: 0, last_drop: null,
  problem: null,
};
/* Their values are of no matter for which mats there are. */
const LIMITS = Object.fromEntries(`
  control_angle_default loss_tilt_share loss_tilt_hang span_default_deg ready_elevation ready_elevation_bent form_tilt_fault_share
  form_tilt_severe_share form_tilt_fault_points form_tilt_severe_points hang_tilt_warn_deg hang_tilt_fault_deg hang_tilt_severe_deg
  form_arching_ratio form_arching_points form_range_margin_deg form_range_points form_fast_deg_s form_fast_points form_uncontrolled_deg_s
  form_uncontrolled_points form_sparc_drop form_sparc_points form_asymmetry_deg form_roll_yaw_deg form_asymmetry_points form_preset_share
  form_preset_points form_limit form_limit_again
`.trim().split(/\s+/).map((name) => [name, 1]));

export class Gym {
  model: Model = newModel();
  now = 0;
  seq = 0;

  constructor() {
    setLink(this.model, 'online', 0);
    this.tell('gateway/pi/status', { state: 'online', version: '1', since: this.time(), config_hash: '0123456789abcdef', adapters: [] }, true);
    this.stats();
  }
  time = (before_ms = 0): string => new Date(START + this.now - before_ms).toISOString();
  view = () => viewOf(this.model, this.now);
  card = (kit = '1') => this.view().cards.find((card) => card.kit === kit)!;
  raw(topic: string, payload: string, isRetained = false) {
    return receive(this.model, BASE, `${BASE}/${topic}`, new TextEncoder().encode(payload), isRetained, this.now);
  }
  tell(topic: string, body: object | null, isRetained = false): void {
    const told = this.raw(topic, body === null ? '' : JSON.stringify(body), isRetained);
    if (typeof told === 'string') throw new Error(`${topic} was refused: ${told} ${JSON.stringify(body)}`);
  }
  event = (more: object) => ({ ...EVENT, id: `e-${++this.seq}`, seq: this.seq, time: this.time(), ...more });
  stats = () => this.tell('gateway/pi/stats', { t_us: this.now * 1000, time: this.time() });
  session(athlete: string | null, kit = '1', lacks: string[] = []): void {
    const body = athlete === null ? null : { athlete, exercise: 'supine-straight', since: this.time(), calibration: { calibrated: true, span_deg: 9, confidence: 1, lacks } };
    this.tell(`kit/${kit}/session`, body, true);
  }
  inventory(...kits: string[]): void {
    const body = { kits: kits.map((name) => ({ name, exercise: 'supine-bent', athlete: null })), wearables: [], limits: LIMITS };
    this.tell('gateway/pi/inventory', { gateway: 'pi', config_hash: '0123456789abcdef', ...body }, true);
  }
  wearable = (more: object = {}) => this.tell('wearable/1-pelvis/status', { ...STATUS, ...more }, true);
  posture = (athlete: string, more: object = {}) => this.tell(`athlete/${athlete}/posture`, { ...POSTURE, t_us: this.now * 1000, ...more });
  postureBytes = (): Uint8Array => new TextEncoder().encode(JSON.stringify({ ...POSTURE, t_us: this.now * 1000 }));
  summary(athlete: string, reps: number, faulty_reps: number, kit = '1'): void {
    const { since } = this.model.kits.get(kit)!.session!;
    const none = { benign: 0, form_fault: 0, red_flag: 0, review: 0, not_a_pop: 0, symptom_only: 0 };
    this.tell(`athlete/${athlete}/summary`, {
      athlete, kit, exercise: 'supine-straight', since, time: this.time(), final: false, reps, faulty_reps, pops: none, pops_not_exercising: 0, crepitus: 0,
      crepitus_level_db: null, symptoms: 0, alerts: 0, pops_per_rep: null, control_angle_deg: 42, range_deg: 60, lower_ms: 2500, loudness_trend_db: null,
      trends: [], baseline: { sessions: 0, pops: 0, pops_per_rep: null },
    }, true);
  }
  pop(athlete: string, more: object = {}): string {
    const body = { ...POP, ...this.event({ athlete, t_pop_us: this.now * 1000 }), ...more };
    this.tell(`athlete/${athlete}/pop`, body);
    return body.id;
  }
  rep(athlete: string, more: object = {}): void {
    this.tell(`athlete/${athlete}/rep`, { ...REP, ...this.event({ t_start_us: this.now * 1000 - 4e6, t_end_us: this.now * 1000 }), ...more });
  }
  alert(athlete: string, more: object = {}) {
    const body = {
      ...this.event({}), alert: 'a-1', state: 'raised', athlete, kit: '1', severity: 3, class: 'red_flag', label: 'Stop and check with the athlete',
      reasons: ['PAIN_SHARP'], pops: [], symptoms: [], since: this.time(), by: null, ...more,
    };
    this.tell(`athlete/${athlete}/alert`, body);
    return body;
  }
  /* Time passes as in a class: posture at 10 Hz, stats each 10 s. */
  pass(ms: number, athletes: string[] = ['ana']): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 100;
      if (this.now % 10_000 === 0) this.stats();
      for (const athlete of athletes) this.posture(athlete);
    }
  }
}
