// SPDX-License-Identifier: MIT
/* Five minutes of posture of one athlete, for what is shown now and for explaining a pop. The page
 * keeps it in memory alone; posture is stored nowhere.
 */
import type { Posture } from '../../generated/types';

/* 10 Hz for 5 minutes. */
export const TRACK_SIZE = 3000;

export interface Sample {
  t_us: number;
  left_deg: number;
  right_deg: number;
  tilt_deg: number;
  speed_deg_s: number;
}
export interface Track {
  newest: Posture | null;
  /** when it arrived */
  at: number;
  size: number;
  next: number;
  t_us: Float64Array;
  values: Float32Array;
}

const FIELDS = 4;

export const newTrack = (): Track => ({
  newest: null, at: -Infinity, size: 0, next: 0, t_us: new Float64Array(0), values: new Float32Array(0),
});

export function push(track: Track, posture: Posture, now: number): void {
  if (track.t_us.length === 0) {
    track.t_us = new Float64Array(TRACK_SIZE);
    track.values = new Float32Array(TRACK_SIZE * FIELDS);
  }
  /* Backwards: the gateway was started again. */
  if (track.newest && posture.t_us < track.newest.t_us) track.size = track.next = 0;
  track.newest = posture;
  track.at = now;
  track.t_us[track.next] = posture.t_us;
  const values = [posture.elevation_left_deg, posture.elevation_right_deg, posture.pelvic_tilt_deg, posture.speed_deg_s];
  track.values.set(values.map((value) => value ?? NaN), track.next * FIELDS);
  track.next = (track.next + 1) % TRACK_SIZE;
  track.size = Math.min(track.size + 1, TRACK_SIZE);
}

/** The samples of [from_us, to_us], the oldest first; an unknown value is NaN. */
export function between(track: Track, from_us: number, to_us: number): Sample[] {
  const ret: Sample[] = [];
  for (let i = 0; i < track.size; i++) {
    const at = (track.next - track.size + i + TRACK_SIZE) % TRACK_SIZE;
    const t_us = track.t_us[at]!;
    if (t_us < from_us || t_us > to_us) continue;
    const [left_deg, right_deg, tilt_deg, speed_deg_s] = track.values.subarray(at * FIELDS, (at + 1) * FIELDS) as unknown as
      [number, number, number, number];
    ret.push({ t_us, left_deg, right_deg, tilt_deg, speed_deg_s });
  }
  return ret;
}
