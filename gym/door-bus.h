// SPDX-License-Identifier: MIT
#pragma once
/* The gym's second door: a fake org.bluez on a (private) bus, so that coxad's own BlueZ client is
 * tested in real time, with faults on order. Plays adapters, devices, GATT, batteries, pairing.
 *
 * Lines of text order the faults, from options.script and from the control descriptor; each line
 * from there is answered by one line ("ok", a number, or "error ..."):
 *
 *   fault WHAT WHO ACTION [ARG] [xN]
 *     WHAT    a method (Connect, AcquireNotify, StartDiscovery, Powered...) or a step of its own:
 *             connected, resolved, objects, link, stream, advert
 *     WHO     a device's or an adapter's address, or *
 *     ACTION  error NAME[:TEXT]  the method fails with org.bluez.Error.NAME, or a whole name
 *             mute               nothing is done, nobody answers
 *             swallow            done, but not answered
 *             pretend            answered, but not done
 *             delay MS           done and answered later
 *             drop MS            link: lost so long after it came up
 *             eof MS             stream: the socket is closed so long after it was given
 *             crash MS           bluetoothd dies, and is back after MS
 *     xN      so many times, then never more
 *   clear                        no more faults
 *   restart MS                   bluetoothd dies now
 *   adapter N remove | add ADDRESS | power on|off|blocked | limit LINKS
 *   drop WHO | vanish WHO        the link is lost | the object leaves the bus
 *   unbond WHO                   the host's key is gone
 *   strangers N HZ               so many unknown devices, so many RSSI changes a second in all
 *   count WHAT                   how often the method was called; also: stray (writes to a notify
 *                                socket), sent, lost (full sockets), links
 *   quit
 */
#include <stdbool.h>
#include <stdint.h>

#include "gym/gym.h"

struct door_bus_options {
	const char *modalias; /* NULL: that of 5.84 */
	const char *adapters[4];
	unsigned n_adapters;       /* 0: one */
	unsigned mtu;              /* 0: 247 */
	int64_t interval_us;       /* connection interval where the gym leaves it open; 0: 30 ms */
	int64_t connect_us;        /* that a connection takes; 0: 20 ms */
	int control_fd, answer_fd; /* -1: none */
	const char *script;        /* lines as above; NULL: none */
	bool claims_battery;       /* Battery1 instead of the battery service */
	uint64_t seed;
	double stay_s; /* plays on so long after the script's end */
	/* The script's MQTT commands when their time has come; NULL: nobody wants them. */
	void (*command)(const char *topic, const char *payload, void *user);
	void *user;
};

/* Until the gym's end, `quit`, or the end of the control descriptor. 0 or -errno. */
int door_bus_run(struct gym *gym, const char *bus_address, const struct door_bus_options *options);
