// SPDX-License-Identifier: MIT
#pragma once
/* The gym's second door: a fake org.bluez on a (private) bus, which tests coxad's own BlueZ client
 * in real time, with faults on demand. It plays adapters, devices, GATT, batteries and pairing.
 *
 * Faults are ordered by lines of text, from options.script and from the control descriptor. Each
 * line from there is answered by one line: "ok", a number, or "error ...".
 *
 *   fault WHAT WHO ACTION [ARG] [xN]
 *     WHAT    a method (Connect, AcquireNotify, StartDiscovery, Powered...) or a step that nobody
 *             calls: connected, resolved, objects, link, stream, advert
 *     WHO     the address of a device or an adapter, or *
 *     ACTION  error NAME[:TEXT]  the method fails with org.bluez.Error.NAME, or with a full name
 *             mute               nothing is done, and there is no answer
 *             swallow            done, but not answered
 *             pretend            answered, but not done
 *             delay MS           done and answered later
 *             drop MS            link: lost this long after it came up
 *             eof MS             stream: the socket is closed this long after it was opened
 *             crash MS           bluetoothd dies, and is back after MS
 *             swap               stream: a notification comes after the next one
 *     xN      only the first N times
 *   clear                        no more faults
 *   restart MS                   bluetoothd dies now, and is back after MS
 *   adapter N remove | add ADDRESS | power on|off|blocked | limit LINKS
 *   adapter N foreign on|off     another client scans, whatever this one does
 *   drop WHO | vanish WHO        the link is lost | the object disappears from the bus
 *   bond WHO | unbond WHO        the host has the key, or forgets it
 *   demand WHO nothing | shown PASSKEY | entered PASSKEY | compared PASSKEY | pin PIN
 *                                what it asks of an agent with keyboard and display before it
 *                                agrees to a bond: the passkey that it shows, to show the one that
 *                                is then entered at it, whether both show the same
 *   enter WHO PASSKEY            at the wearable, as a person does who was shown it
 *   battery WHO PERCENT          Battery1 says so
 *   rename WHO ADDRESS           the object says another address, as after pairing
 *   handles WHO                  its characteristics get other paths, as after a firmware update
 *   replay on|off                what was subscribed by signal is subscribed again at each link
 *   mtu N                        what the MTU property says from now on
 *   say WHO INTERFACE NAME TYPE [VALUE]
 *                                PropertiesChanged with this value, of any type of D-Bus
 *   strangers N HZ               N unknown devices, with HZ changes of RSSI a second in all
 *   count WHAT                   how often the method was called; also: stray (writes to a notify
 *                                socket), sent, lost (because a socket was full), links,
 *                                agents, strangers (that are shown), storm (their changes), replayed
 *   weaken WHO DB                this computer hears it DB weaker than the script says, and from 100
 *                                on not at all
 *   quit
 *
 * With several buses, "bus N" before a line means the Nth, from 1 on; else it is the first one.
 */
#include <stdbool.h>
#include <stdint.h>

#include "gym/gym.h"

struct door_bus_options {
	const char *modalias;      /* NULL: that of 5.84 */
	const char *adapters[4];   /* of the first bus */
	unsigned n_adapters;       /* 0: one */
	unsigned mtu;              /* 0: 247 */
	int64_t interval_us;       /* connection interval if the script gives none; 0: 30 ms */
	int64_t connect_us;        /* how long connecting takes; 0: 20 ms */
	int control_fd, answer_fd; /* -1: none */
	const char *script;        /* such lines, carried out first; NULL: none */
	bool claims_battery;       /* shows Battery1 instead of the battery service */
	uint64_t seed;
	double stay_s; /* keeps playing this long after the script has ended */
	/* Called for each MQTT command of the script when it is due. Optional. */
	void (*command)(const char *topic, const char *payload, void *user);
	void *user;
};

/* Plays on one bus, or on several: those of different computers in one hall, all of which can hear
 * all wearables, though not equally well (door-hall.h). Runs until the gym's end, `quit`, or the end
 * of the control descriptor. 0 or -errno. */
int door_bus_run(struct gym *gym, const char *const *bus_address, size_t n_buses,
	const struct door_bus_options *options);
