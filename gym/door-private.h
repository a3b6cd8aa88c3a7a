// SPDX-License-Identifier: MIT
#pragma once
/* Shared by the files of the fake org.bluez: what it plays, and its faults. */
#include <dbus/dbus.h>
#include <systemd/sd-event.h>

#include "coxad/loop/bus-loop.h"
#include "gym/door-bus.h"

#define DOOR_ADAPTERS_MAX 4
#define DOOR_FAULTS_MAX   64
#define DOOR_CHARS_MAX    32
#define DOOR_COUNTS_MAX   48

enum door_action {
	DOOR_ACTION_NONE,
	DOOR_ACTION_ERROR,
	DOOR_ACTION_MUTE,
	DOOR_ACTION_SWALLOW,
	DOOR_ACTION_PRETEND,
	DOOR_ACTION_DELAY,
	DOOR_ACTION_DROP,
	DOOR_ACTION_EOF,
	DOOR_ACTION_CRASH
};

struct door_fault {
	char what[32], who[24], text[96];
	enum door_action action;
	int64_t arg_us;
	int left; /* -1: without end */
};

struct door_adapter {
	bool is_there, is_powered, is_blocked, is_discovering;
	char path[32], address[18];
	unsigned limit; /* links; 0: none */
};

struct door_char {
	const struct device_characteristic *gym;
	char path[160], service[128];
	bool is_exported, is_notifying, is_claimed;
	int fd; /* of AcquireNotify, -1 */
	sd_event_source *io;
	int64_t eof_us;
};

struct door_device {
	struct door *door;
	struct device *gym;
	unsigned adapter;
	char path[64];
	const char *address;
	bool is_exported, is_connected, is_resolved, is_bonded, is_random;
	DBusMessage *connect; /* to be answered */
	bool connect_is_mute;
	int64_t connect_us, resolve_us, objects_us, drop_us, event_us, advert_us, unreachable_us;
	struct door_char chars[DOOR_CHARS_MAX];
	size_t n_chars;
};

struct door_delayed {
	struct door_delayed *next;
	DBusMessage *message;
	int64_t at_us;
};

struct door {
	size_t command_at; /* the next of the script's commands */
	struct gym *gym;
	const struct door_bus_options *options;
	const char *bus_address;
	sd_event *loop;
	DBusConnection *connection; /* NULL: bluetoothd is dead */
	struct bus_loop *bus_loop;
	sd_event_source *timer, *control;
	int64_t start_us, back_us; /* when it comes back from the dead */
	struct door_adapter adapter[DOOR_ADAPTERS_MAX];
	struct door_device *devices;
	size_t n_devices;
	struct door_fault fault[DOOR_FAULTS_MAX];
	size_t n_faults;
	struct {
		char what[32];
		unsigned n;
	} count[DOOR_COUNTS_MAX];
	size_t n_counts;
	struct door_delayed *delayed;
	unsigned strangers, shown_strangers;
	double strangers_hz;
	int64_t stranger_us;
	unsigned sent, lost, stray;
	uint64_t random;
	char line[512];
	size_t line_size;
	bool crash_due;
};

/* door-fault.c: the language. */
/* The action ordered for this, counted down; arg and text where it has one. */
enum door_action door_fault_take(struct door *door, const char *what, const char *who,
	int64_t *ret_arg_us, const char **ret_text);
void door_count(struct door *door, const char *what);
/* Answer of at most size bytes, without newline. False: quit. */
bool door_command(struct door *door, char *line, char *answer, size_t size);

/* door-properties.c: how each thing looks on the bus, and what is said where that changes. */
bool door_put_properties(
	struct door *door, DBusMessageIter *args, const char *path, const char *interface);
void door_put_adapter(struct door *door, DBusMessageIter *dict, const struct door_adapter *adapter);
void door_put_device(struct door *door, DBusMessageIter *dict, const struct door_device *device);
void door_put_char(struct door *door, DBusMessageIter *dict, const struct door_char *c);
void door_put_variant(DBusMessageIter *dict, const char *name, int type, const char *signature,
	const void *value);
void door_put_text(DBusMessageIter *dict, const char *name, const char *text);
void door_put_path(DBusMessageIter *dict, const char *name, const char *path);
void door_put_bool(DBusMessageIter *dict, const char *name, bool value);
void door_open_array(DBusMessageIter *at, const char *signature, DBusMessageIter *ret);
void door_say_bool(
	struct door *door, const char *path, const char *interface, const char *name, bool value);
void door_say_rssi(struct door *door, const char *path, int rssi_dbm);
void door_say_value(struct door *door, const char *path, const uint8_t *value, size_t size);
void door_say_text(struct door *door, const char *path, const char *interface, const char *name,
	const char *value);

/* door-objects.c: what is there. */
void door_put_objects(struct door *door, DBusMessageIter *args); /* GetManagedObjects */
void door_export_device(struct door *door, struct door_device *device);
void door_unexport_device(struct door *door, struct door_device *device);
void door_export_chars(struct door *door, struct door_device *device);
void door_unexport_chars(struct door *door, struct door_device *device);
void door_export_adapter(struct door *door, struct door_adapter *adapter);
void door_unexport_adapter(struct door *door, struct door_adapter *adapter);
void door_export_stranger(struct door *door, unsigned index);

/* door-methods.c: what is called. */
DBusHandlerResult door_on_call(DBusConnection *connection, DBusMessage *call, void *user);

/* door-radio.c: links and adverts. */
void door_link_down(struct door *door, struct door_device *device);
void door_power(struct door *door, struct door_adapter *adapter, bool on);
void door_close_notify(struct door_device *device, struct door_char *c);
/* Does what is due, and says when something is due next. */
int64_t door_step_device(struct door *door, struct door_device *device, int64_t now_us);
int64_t door_step_strangers(struct door *door, int64_t now_us);

/* door-bus.c: time, the connection to the bus, what is found there. */
int64_t door_now(const struct door *door); /* gym time */
void door_wake(struct door *door);         /* something became due earlier */
void door_die(struct door *door, int64_t back_after_us);
void door_reply(struct door *door, DBusMessage *call, int64_t delay_us);
void door_send(struct door *door, DBusMessage *message, int64_t delay_us);
struct door_device *door_find_device(struct door *door, const char *path);
struct door_char *door_find_char(struct door *door, const char *path, struct door_device **ret);
struct door_adapter *door_find_adapter(struct door *door, const char *path);
