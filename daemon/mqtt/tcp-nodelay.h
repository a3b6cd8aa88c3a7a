// SPDX-License-Identifier: MIT
#pragma once
/* Switches Nagle's algorithm off on the broker's socket, which Paho 1.3 neither does nor hands out.
 * With it an alert right behind a posture sample, which nobody answers, waits for the broker's
 * delayed acknowledgement: 40 ms on Linux (measured: 38 of 40). The broker's is the only TCP socket
 * that coxad has, so every one of this process is meant; it is looked up in /proc/self/fd.
 */

/* How many TCP sockets have it off now, or -errno where /proc cannot be read. */
int tcp_nodelay_all(void);
