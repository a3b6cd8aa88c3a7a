// SPDX-License-Identifier: MIT
/* When the page draws its numbers. */

/* Without a picture to draw, as in a tab that nobody sees, there is no frame to wait for. */
const NO_FRAME_MS = 500;

/* Until what was changed is on the screen, or would be. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, document.hidden ? 0 : NO_FRAME_MS);
    requestAnimationFrame(() => { clearTimeout(timer); setTimeout(resolve); });
  });
}

/** Calls again each `every_ms`, but lets drawing have no more than half of the time: where the processor
 * is too slow or too busy, numbers move less often, and what was received does not wait behind them.
 */
export function everyTick(call: () => void, every_ms: number): void {
  const begin = performance.now();
  void drawn().then(() => {
    const took_ms = performance.now() - begin;
    setTimeout(() => everyTick(call, every_ms), Math.max(every_ms - took_ms, took_ms));
  });
  call();
}
