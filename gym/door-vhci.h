// SPDX-License-Identifier: MIT
#pragma once
/* The gym's door to a real Bluetooth stack: opens /dev/vhci, is the controller of a new hciN and
 * plays every device of a gym behind it, in real time, until the gym ends or a signal comes. It
 * owns the file, the clock and the loop; everything else is hci-controller and peripheral. Faults
 * are ordered through a FIFO, a line each (door_vhci_orders names them).
 */
#include <stdint.h>
#include <stdio.h>

#include "gym/gym.h"

struct door_vhci_options {
	const char *device;  /* NULL: /dev/vhci */
	const char *control; /* path of a FIFO for orders, made where it is missing; NULL: none */
	FILE *log;           /* links, subscriptions, orders, a line each; NULL: none */
	double stay_s;       /* plays on so long after the gym's end */
	uint64_t seed;
	/* Called for each MQTT command of the script when its time has come; NULL: none. */
	void (*command)(const char *topic, const char *payload, void *user);
	void *user;
};

/* One line an order, for a usage text. */
extern const char door_vhci_orders[];

/* 0 at the gym's end or a SIGINT or SIGTERM; -errno where the device cannot be had. */
int door_vhci_run(struct gym *gym, const struct door_vhci_options *options);
