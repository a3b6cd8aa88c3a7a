// SPDX-License-Identifier: MIT
#pragma once
/* For the tests of the wearables that can be bought: one of them on a body, and the real driver
 * that listens to it. Every sample is compared with what the body did at that time, and the largest
 * error is kept. A failed assertion fails the running test.
 */
#include "coxad/base/units.h"
#include "gym/gym-private.h"
#include "gym/planner.h"

#define VENDOR_READY_US (6 * (int64_t)US_PER_S) /* samples are compared from here on */
#define VENDOR_END_US   (14 * (int64_t)US_PER_S)

struct vendor_listener {
	struct gym *gym;
	struct device *d;
	struct planner *planner;
	unsigned notified, motions, samples, orientations, sounds, symptoms, batteries, hearts;
	unsigned clipped;
	int64_t now_us;
	double worst_acc, worst_gyr, worst_turn;
	float battery;
	double loudest;
	int64_t loudest_us;
	uint64_t audio_samples;
	int64_t first_sound_us;
};

/* Two leg raises. */
#define VENDOR_MOVING "\tlie 5\n\tset 2 raise 2 lower 3\n"

/* UUIDs of the makers. */
#define THINGY(x) "ef68" x "-9b35-4933-9b10-52ffa9740042"
#define DOT(x)    "1517" x "-4947-11e9-8646-d663bd873d93"
#define WIT(x)    "0000ff" x "-0000-1000-8000-00805f9a34fb"
#define GSP(x)    "3480000" x "-7185-4d5d-b431-630e7050e8f0"
#define META(x)   "326a90" x "-85cb-9195-d9dd-464cfbbae75a"

void vendor_begin(struct vendor_listener *w, const char *kind, const char *placement,
	double rate_hz, const char *timeline);
void vendor_end(struct vendor_listener *w);
void vendor_listen(struct vendor_listener *w, int64_t until_us);
/* Connects and carries out the driver's start plan. */
void vendor_start(struct vendor_listener *w, unsigned mtu);
/* Fails if an error is above its tolerance. */
void vendor_check(const struct vendor_listener *w, const char *what);

/* A write past the driver. 0 or a negative ATT error. */
int vendor_put(struct vendor_listener *w, const char *uuid, const char *hex);
void vendor_subscribe(struct vendor_listener *w, const char *uuid);
/* Reads the characteristic for the driver. */
void vendor_tell_driver(struct vendor_listener *w, const char *uuid);
