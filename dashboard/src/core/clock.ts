// SPDX-License-Identifier: MIT
/* The gateway's clocks, learned from what it sends. `now` is the page's monotonic clock in ms; the
 * tablet's wall clock is never asked, because tablets are wrong by minutes.
 */

/** What to add to `now` for the gateway's time; null until a message told. */
export interface Clock {
  wall_ms: number | null;
}

/* The wall clock of a gateway may be set back; then what stats say, sent at that instant, counts. */
const BACK_MS = 2000;

export const newClock = (): Clock => ({ wall_ms: null });

/* A message arrives after its instant, so the largest difference is the nearest to the truth. An
 * event that waited on the gateway, or a retained one, says only that it is at least so late.
 */
export function learn(clock: Clock, time: string | null, now: number): void {
  const offset = time === null ? NaN : Date.parse(time) - now;
  if (Number.isNaN(offset)) return;
  if (clock.wall_ms === null || offset > clock.wall_ms) clock.wall_ms = offset;
}

/** From a message that was made when it was sent. */
export function learnExactly(clock: Clock, time: string | null, now: number): void {
  const offset = time === null ? NaN : Date.parse(time) - now;
  if (Number.isNaN(offset)) return;
  if (clock.wall_ms === null || offset > clock.wall_ms || offset < clock.wall_ms - BACK_MS) clock.wall_ms = offset;
}

export const gatewayTime = (clock: Clock, now: number): number | null => (clock.wall_ms === null ? null : now + clock.wall_ms);

/** Age in ms, never negative; null if either time is unknown. */
export function ageOf(clock: Clock, time: string | null, now: number): number | null {
  const here = gatewayTime(clock, now);
  if (here === null || time === null) return null;
  return Math.max(0, here - Date.parse(time));
}
