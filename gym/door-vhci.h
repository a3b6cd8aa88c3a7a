// SPDX-License-Identifier: MIT
#pragma once
/* The gym's third door, to a real Bluetooth stack: opens /dev/vhci, is the controller of a new hciN
 * and plays every device of a gym behind it, in real time, until the gym ends or a signal arrives.
 * It owns the file, the clock and the loop; everything else is in hci-controller and peripheral.
 * Faults are ordered through a FIFO, one per line (door_vhci_orders lists them).
 */
#include <stdint.h>
#include <stdio.h>

#include "gym/gym.h"

struct door_vhci_options {
	const char *device;  /* NULL: /dev/vhci */
	const char *control; /* path of a FIFO for orders, created if missing; NULL: none */
	FILE *log;           /* one line for each connection, subscription and order; NULL: none */
	unsigned n_adapters; /* 0: one. All hear all devices, each nearer to its share of them */
	unsigned links;      /* that each adapter carries; 0: 8 */
	double stay_s;       /* keeps playing this long after the gym has ended */
	uint64_t seed;
	/* Called for each MQTT command of the script when it is due. Optional. */
	void (*command)(const char *topic, const char *payload, void *user);
	void *user;
};

/* One line per order, for a usage text. */
extern const char door_vhci_orders[];

/* 0 at the gym's end, or on SIGINT or SIGTERM; -errno if /dev/vhci cannot be used. */
int door_vhci_run(struct gym *gym, const struct door_vhci_options *options);
