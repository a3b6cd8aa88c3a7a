// SPDX-License-Identifier: MIT
/* Keeps the screen on while the page is visible. Browsers allow it over HTTPS alone, and take it back
 * whenever the page is hidden.
 */
import { signal } from '@preact/signals';

export const isAwake = signal(false);

async function keep(): Promise<void> {
  if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
  try {
    const lock = await navigator.wakeLock.request('screen');
    isAwake.value = true;
    lock.addEventListener('release', () => { isAwake.value = false; });
  } catch {
    isAwake.value = false;
  }
}

export function stayAwake(): void {
  document.addEventListener('visibilitychange', () => void keep());
  void keep();
}
