// SPDX-License-Identifier: MIT
#pragma once
/* A controller that hangs tells nobody: for bluetoothd its links live on, and nothing comes through
 * them. Several at once that are silent, on an adapter that hears nothing either, are the
 * controller's fault: their wearables are given up, so that another adapter may have them, and the
 * radio is told nothing more until these have left it. A single silent link may be its wearable's fault.
 */
struct source_bluez;

/* For when a link or an adapter has changed. Looks by itself when an adapter must have given a sign. */
void bluez_silence_check(struct source_bluez *source);
