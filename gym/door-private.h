// SPDX-License-Identifier: MIT
#pragma once
/* The state of the fake org.bluez, for its parts alone:
 *
 *   door-bus          the connections to the buses, and the loop
 *   door-hall         who hears whom
 *   door-command      lines of text that order faults
 *   door-methods      what a client calls
 *   door-agent        agents, and what wearables ask of them while pairing
 *   door-radio        links, notifications, adverts
 *   door-objects      which objects there are
 *   door-properties   what they look like, and what is signalled when that changes
 *   door-fault        which faults are pending
 *   door-lookup, door-send, door-clock, door-dict   what all of these need
 */
#include <dbus/dbus.h>
#include <systemd/sd-event.h>

#include "coxad/loop/bus-loop.h"
#include "gym/door-bus.h"

#define DOOR_ADAPTERS_MAX 4
#define DOOR_FAULTS_MAX   64
#define DOOR_CHARS_MAX    32
#define DOOR_COUNTS_MAX   48
#define DOOR_AGENTS_MAX   8

enum door_action {
	DOOR_ACTION_NONE,
	DOOR_ACTION_ERROR,
	DOOR_ACTION_MUTE,
	DOOR_ACTION_SWALLOW,
	DOOR_ACTION_PRETEND,
	DOOR_ACTION_DELAY,
	DOOR_ACTION_DROP,
	DOOR_ACTION_EOF,
	DOOR_ACTION_CRASH,
	DOOR_ACTION_SWAP
};

/* A fault that was ordered, by a line of text. */
struct door_fault {
	char what[32], who[24], text[96];
	enum door_action action;
	int64_t arg_us;
	int left; /* times; -1: without end */
};

struct door_adapter {
	bool is_there, is_powered, is_blocked, is_discovering;
	bool is_foreign; /* another client scans, and does not stop */
	char path[32], address[18];
	unsigned limit; /* of links; 0: none */
};

struct door_char {
	const struct device_characteristic *gym;
	char path[160], service[128];
	bool is_exported, is_notifying, was_notifying;
	bool is_hidden; /* bluetoothd keeps the battery service for itself */
	int fd;         /* of AcquireNotify; -1: none */
	sd_event_source *io;
	int64_t eof_us;
	int64_t busy_us; /* until when a write to it is under way */
};

struct door_agent {
	char owner[32], path[64]; /* owner "": free */
	bool has_keyboard;        /* and a display */
	bool is_default;
};

/* What a wearable asks of the person before it agrees to a bond. */
enum door_demand {
	DOOR_DEMAND_NOTHING,
	DOOR_DEMAND_SHOWN,    /* it shows a passkey */
	DOOR_DEMAND_ENTERED,  /* a passkey is entered at it */
	DOOR_DEMAND_COMPARED, /* both sides show one */
	DOOR_DEMAND_PIN
};

struct door_pairing {
	DBusMessage *call; /* of Pair, not answered yet; NULL: none */
	struct door_agent agent;
	DBusPendingCall *question;
};

struct door_device {
	struct door *door;
	struct device *gym;
	unsigned adapter;
	int weaker_db; /* it is heard than the script says */
	char path[64];
	const char *address;
	char says[18]; /* another address, until the object is removed; "": none */
	bool is_exported, is_connected, is_resolved, is_bonded, is_random;
	DBusMessage *connect; /* a Connect call that is not answered yet */
	bool connect_is_mute;
	enum door_demand demand;
	char demanded[17]; /* the passkey or PIN */
	struct door_pairing pairing;
	int64_t connect_us, resolve_us, objects_us, drop_us, event_us, advert_us, unreachable_us;
	struct door_char chars[DOOR_CHARS_MAX];
	size_t n_chars;
	unsigned first_handle;  /* of the GATT table as it is now */
	struct device_pdu held; /* to be sent after the next one */
	bool has_held;
};

struct door_delayed {
	struct door_delayed *next;
	DBusMessage *message;
	int64_t at_us;
};

/* One computer of the hall. */
struct door {
	struct door_hall *hall;
	struct gym *gym;
	struct door_bus_options options; /* defaults filled in */
	const char *bus_address;
	sd_event *loop;
	DBusConnection *connection; /* NULL: bluetoothd is not running */
	struct bus_loop *bus_loop;
	sd_event_source *timer;
	int64_t start_us, back_us; /* when it is started again */
	struct door_adapter adapter[DOOR_ADAPTERS_MAX];
	struct door_agent agent[DOOR_AGENTS_MAX];
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
	unsigned strangers, shown_strangers; /* unknown devices */
	double strangers_hz;
	int64_t stranger_us;
	unsigned sent, lost, stray;
	uint64_t random;
	bool is_crashing;
	bool is_replaying; /* what a client subscribed is subscribed again at each link */
};

/* The computers, and what orders them. */
struct door_hall {
	struct door *door;
	size_t n_doors;
	size_t command_at; /* next of the script's commands */
	int answer_fd;
	char line[512];
	size_t line_size;
};

static inline int64_t door_earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}
