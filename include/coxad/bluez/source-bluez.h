// SPDX-License-Identifier: MIT
#pragma once
/* Wearables through BlueZ, over D-Bus: discovers, connects, prepares and subscribes to them, and
 * reports what they send as capture events. Owns the connection to the bus, the mirror of org.bluez,
 * a pure `link` for each wearable, the slots of the adapters, the pairing agent. One thread, on the
 * given loop; every call is asynchronous with a deadline. org.bluez may be absent, late, or restarted
 * at any time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "coxad/config/conf-merge.h"
#include "coxad/config/conf.h"
#include "coxad/core/terms.h"
#include "coxad/drivers/driver.h"
#include "coxad/wire/capture.h"

struct health_report;
struct link_timing;
struct source_bluez;

/* Of an adapter's controller. */
enum source_bluez_silence {
	SOURCE_BLUEZ_SILENCE_NONE,
	SOURCE_BLUEZ_SILENCE_BEGUN,  /* coxad tries to wake it */
	SOURCE_BLUEZ_SILENCE_LASTING /* coxad cannot: somebody has to help */
};

struct source_bluez_ops {
	/* t_us is the time of the read itself. Borrowed during the call. */
	void (*event)(void *user, const struct capture_event *event);
	/* As gateway_plan (whose six parameters it passes on) and gateway_driver. */
	int (*plan)(void *user, unsigned wearable, const struct driver_peer *peer,
		enum driver_plan plan, unsigned index, struct driver_step *ret);
	const struct driver *(*driver)(void *user, unsigned wearable);
	/* What keeps a wearable from connecting, until it says NONE. NULL: not asked for. */
	void (*problem)(void *user, unsigned wearable, enum wearable_problem problem);
	/* Adapters came or went: the gateway's status is to be published again. */
	void (*adapters_changed)(void *user);
	/* NULL: not asked for. */
	void (*adapter_silence)(void *user, const char *address, enum source_bluez_silence silence);
	/* What is wrong with adapters and BlueZ, or solved; told again and again. NULL: not asked for. */
	void (*health)(void *user, const struct health_report *report);
	/* See source_bluez_trial_marks. NULL: not asked for. */
	void (*trials_changed)(void *user);
};

struct source_bluez_options {
	sd_event *loop;
	const char *bus_address; /* NULL: the system bus */
	const char
		*bluetooth_conf; /* bluetoothd's main.conf, borrowed for life; NULL: where it is */
	const struct conf *conf; /* borrowed */
	const struct link_timing *timing; /* copied; NULL: link_timing_default */
	const struct tracer *tracer;      /* borrowed for life, NULL: off */
};

/* -errno if the bus cannot be connected to, which is the one blocking call. */
int source_bluez_new(const struct source_bluez_options *options, const struct source_bluez_ops *ops,
	void *user, struct source_bluez **ret);
struct source_bluez *source_bluez_free(struct source_bluez *source);
/* The configuration has changed, as `change` says of its wearables. Keeps the links of all that are still
 * the same. */
void source_bluez_reload(struct source_bluez *source, const struct conf_change *change);
/* Writes to a streaming wearable; -ENOTCONN, -EAGAIN. */
int source_bluez_write(
	struct source_bluez *source, unsigned wearable, const struct driver_step *step);
/* Addresses of the powered adapters in use, borrowed until the loop turns. Returns how many. */
size_t source_bluez_adapters(const struct source_bluez *source, const char **ret, size_t capacity);
/* Begins an orderly end (stop plans, disconnects), which source_bluez_free does not wait for. */
void source_bluez_stop(struct source_bluez *source);
/* True once that end is reached. */
bool source_bluez_is_stopped(const struct source_bluez *source);
/* For the watchdog: false if a call to the bus is overdue beyond its own deadline. */
bool source_bluez_is_alive(const struct source_bluez *source);
