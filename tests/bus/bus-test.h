// SPDX-License-Identifier: MIT
#pragma once
/* Tests of the BlueZ client: a private dbus-daemon in a temporary folder, the fake org.bluez in a
 * child process, coxad's source in this process on its own loop, with short timeouts. Waits for
 * conditions, never for a fixed time; gives up after BUS_TEST_PATIENCE_S.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/loop.h"
#include "coxad/bluez/source-bluez.h"
#include "coxad/core/health.h"
#include "daemon/bluez/source-bluez-private.h"
#include "gym/door-bus.h"

#define BUS_TEST_PATIENCE_S 60
#define BUS_TEST_MAX        64

#define MODALIAS_566 "usb:v1D6Bp0246d0542"
#define MODALIAS_584 "usb:v1D6Bp0246d0554"

struct bus_test_wearable {
	unsigned connected, disconnected, notified, read, rssi, motion, answers, battery;
	unsigned mtu;
	size_t longest; /* motion packet, bytes */
	char why[32];
	uint32_t sequence; /* of the last motion packet */
	unsigned repeated; /* motion packets that came twice, or late */
	bool is_up;
	unsigned out_of_turn; /* data while down, up while up, down while down */
};

struct bus_test {
	char folder[64], address[128];
	const char *limits, *bluetooth_conf;
	pid_t bus, door;
	int to, from; /* the door's control */
	sd_event *loop;
	struct source_bluez *source;
	struct conf conf;
	struct driver driver; /* what ops->driver returns; a test may change it first */
	bool no_driver, has_field_timing;
	int64_t resubscribe_us;
	unsigned adapters_changed;
	enum source_bluez_silence silence;          /* of the adapter that last told */
	char trouble[HEALTH_CODE_COUNT][NAME_SIZE]; /* subjects; empty: it is solved */
	enum wearable_problem problem[BUS_TEST_MAX];
	struct bus_test_wearable w[BUS_TEST_MAX];
};

struct bus_test_options {
	const char *gym;    /* "N RATE [SIZE]"; NULL: "1 100" */
	const char *script; /* commands for the fake, from the start */
	struct door_bus_options door;
	enum notify_mode notify;
	enum pairing_mode pairing;
	bool bond, require_encryption;
	unsigned absent;            /* wearables configured, but not played by the gym */
	const char *bluetooth_conf; /* bluetoothd's main.conf; NULL: none */
	const char *limits;         /* limits and policies of the bus, as in its configuration */
	bool no_door;               /* the test starts the fake itself */
	bool has_field_timing;      /* the timeouts of the field, not of a test */
	int64_t resubscribe_us;     /* how long a silent link gets to stream again; 0: short */
};

void bus_test_begin(struct bus_test *test, const struct bus_test_options *options);
void bus_test_start_door(struct bus_test *test, const struct bus_test_options *options);
/* As by kill -9. */
void bus_test_kill_door(struct bus_test *test);
void bus_test_start_bus(struct bus_test *test);
void bus_test_kill_bus(struct bus_test *test);
/* Frees everything and checks that nothing is left connected. */
void bus_test_end(struct bus_test *test);
/* A command to the fake; fails the test unless it is accepted. Returns the number in its answer. */
unsigned bus_test_order(struct bus_test *test, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A new source, after the old one was freed: as coxad after a restart. */
void bus_test_renew(struct bus_test *test);
bool bus_test_turn(struct bus_test *test, int64_t until_us);
/* Motion packets of all wearables. */
unsigned bus_test_motion(const struct bus_test *test);
enum link_state bus_test_state(const struct bus_test *test, unsigned wearable);

/* Turns the loop until the condition holds. */
#define UNTIL(test, condition)                                                                     \
	do {                                                                                       \
		int64_t until_ = clock_now_us() + BUS_TEST_PATIENCE_S * INT64_C(1000000);          \
		while (!(condition))                                                               \
			if (!bus_test_turn(test, until_))                                          \
				fail_msg("timed out waiting for: %s", #condition);                 \
	} while (0)

/* n more motion packets from each of the first `wearables`. */
#define UNTIL_STREAMS(test, wearables, n)                                                          \
	do {                                                                                       \
		for (unsigned w_ = 0; w_ < (wearables); w_++) {                                    \
			unsigned from_ = (test)->w[w_].motion;                                     \
			UNTIL(test, (test)->w[w_].is_up && (test)->w[w_].motion >= from_ + (n));   \
		}                                                                                  \
	} while (0)
