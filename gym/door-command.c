// SPDX-License-Identifier: MIT
#include "gym/door-command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "gym/door-agent.h"
#include "gym/door-clock.h"
#include "gym/door-fault.h"
#include "gym/door-objects.h"
#include "gym/door-properties.h"
#include "gym/door-radio.h"

static unsigned counted(const struct door *door, const char *what)
{
	unsigned links = 0;

	if (strcmp(what, "sent") == 0)
		return door->sent;
	if (strcmp(what, "lost") == 0)
		return door->lost;
	if (strcmp(what, "stray") == 0)
		return door->stray;
	if (strcmp(what, "strangers") == 0)
		return door->shown_strangers;
	if (strcmp(what, "agents") == 0)
		return door_agent_count(door);
	if (strcmp(what, "links") != 0)
		return door_fault_counted(door, what);
	for (size_t i = 0; i < door->n_devices; i++)
		links += door->devices[i].is_connected;
	return links;
}

static void add_adapter(struct door *door, unsigned number, const char *address)
{
	struct door_adapter *adapter = &door->adapter[number];

	*adapter = (struct door_adapter){.is_there = true, .is_powered = true};
	snprintf(adapter->address, sizeof(adapter->address), "%s", address);
	snprintf(adapter->path, sizeof(adapter->path), "/org/bluez/hci%u", number);
	for (size_t i = 0; i < door->n_devices; i++)
		if (!door->adapter[door->devices[i].adapter].is_there)
			door->devices[i].adapter = number;
	door_objects_add_adapter(door, adapter);
}

/* Another client's scan: bluetoothd scans until that one stops, too. */
static void set_foreign(struct door *door, struct door_adapter *adapter, bool is_foreign)
{
	adapter->is_foreign = adapter->is_discovering = is_foreign;
	door_properties_say_bool(
		door, adapter->path, DOOR_IFACE_ADAPTER, "Discovering", is_foreign);
}

static const char *adapter_command(struct door *door, char **words, size_t n)
{
	unsigned number = n > 1 ? (unsigned)atoi(words[1]) : DOOR_ADAPTERS_MAX;
	struct door_adapter *adapter = &door->adapter[number];

	if (n < 3 || number >= DOOR_ADAPTERS_MAX)
		return "error usage: adapter N remove | add ADDRESS | power on|off|blocked | "
		       "limit LINKS | foreign on|off";
	if (strcmp(words[2], "remove") == 0 && adapter->is_there) {
		door_radio_set_power(door, adapter, false);
		door_objects_remove_adapter(door, adapter);
	} else if (strcmp(words[2], "add") == 0 && n > 3) {
		add_adapter(door, number, words[3]);
	} else if (strcmp(words[2], "power") == 0 && n > 3) {
		adapter->is_blocked = strcmp(words[3], "blocked") == 0;
		door_radio_set_power(door, adapter, strcmp(words[3], "on") == 0);
	} else if (strcmp(words[2], "foreign") == 0 && n > 3) {
		set_foreign(door, adapter, strcmp(words[3], "on") == 0);
	} else if (strcmp(words[2], "limit") == 0 && n > 3) {
		adapter->limit = (unsigned)atoi(words[3]);
	} else {
		return "error unknown adapter command";
	}
	return "ok";
}

static const char *device_command(struct door *door, char **words, size_t n)
{
	for (size_t i = 0; n > 1 && i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];

		if (!door_fault_is_for(words[1], device->address))
			continue;
		if (strcmp(words[0], "unbond") == 0 || strcmp(words[0], "bond") == 0) {
			door_properties_set_bonded(door, device, words[0][0] == 'b');
			continue;
		}
		if (strcmp(words[0], "rename") == 0 && n > 2) {
			snprintf(device->says, sizeof(device->says), "%s", words[2]);
			door_properties_say_text(
				door, device->path, DOOR_IFACE_DEVICE, "Address", words[2]);
			continue;
		}
		if (strcmp(words[0], "battery") == 0 && n > 2) {
			door_properties_say_battery(door, device->path, (uint8_t)atoi(words[2]));
			continue;
		}
		if (strcmp(words[0], "shake") == 0) {
			device_shake(
				device->gym, door_clock_now_us(door), n > 2 ? atof(words[2]) : 0);
			continue;
		}
		if (strcmp(words[0], "weaken") == 0 && n > 2) {
			device->weaker_db = atoi(words[2]);
			continue;
		}
		if (strcmp(words[0], "handles") == 0) {
			door_radio_end_subscriptions(device);
			door_objects_renumber(door, device);
			continue;
		}
		door_radio_link_down(door, device);
		if (strcmp(words[0], "vanish") == 0)
			door_objects_remove_device(door, device);
	}
	return "ok";
}

static struct door_device *find_device(struct door *door, const char *address)
{
	for (size_t i = 0; i < door->n_devices; i++)
		if (strcasecmp(door->devices[i].address, address) == 0)
			return &door->devices[i];
	return NULL;
}

/* At one wearable. */
static const char *pairing_command(struct door *door, char **words, size_t n)
{
	struct door_device *device = n > 2 ? find_device(door, words[1]) : NULL;

	if (!device)
		return "error usage: demand | enter WHO WHAT";
	return strcmp(words[0], "demand") == 0 ? door_agent_demand(device, words, n)
					       : door_agent_enter(device, words[2]);
}

static const char *clear_command(struct door *door, char **words, size_t n)
{
	door->n_faults = 0;
	return "ok";
}

static const char *restart_command(struct door *door, char **words, size_t n)
{
	door_clock_crash(door, n > 1 ? atoll(words[1]) * US_PER_MS : 0);
	return "ok";
}

static const char *strangers_command(struct door *door, char **words, size_t n)
{
	if (n < 3)
		return "error usage: strangers N HZ";
	door->strangers = (unsigned)atoi(words[1]);
	door->strangers_hz = atof(words[2]);
	door->stranger_us = door_clock_now_us(door);
	return "ok";
}

static const char *replay_command(struct door *door, char **words, size_t n)
{
	door->is_replaying = n > 1 && strcmp(words[1], "on") == 0;
	return "ok";
}

static const char *mtu_command(struct door *door, char **words, size_t n)
{
	door->options.mtu = n > 1 ? (unsigned)atoi(words[1]) : 0;
	return "ok";
}

static const char *say_command(struct door *door, char **words, size_t n)
{
	const char *interface = n > 2 ? words[2] : "", *value = n > 5 ? words[5] : "";

	if (n < 5 || !dbus_signature_validate_single(words[4], NULL))
		return "error usage: say WHO INTERFACE NAME TYPE [VALUE]";
	for (unsigned i = 0; i < DOOR_ADAPTERS_MAX; i++)
		if (door->adapter[i].is_there && strcmp(interface, DOOR_IFACE_ADAPTER) == 0 &&
			door_fault_is_for(words[1], door->adapter[i].address))
			door_properties_say_any(
				door, door->adapter[i].path, interface, words[3], words[4], value);
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];

		if (!door_fault_is_for(words[1], device->address))
			continue;
		if (strcmp(interface, DOOR_IFACE_CHAR) != 0) {
			door_properties_say_any(
				door, device->path, interface, words[3], words[4], value);
			continue;
		}
		for (size_t k = 0; k < device->n_chars; k++)
			door_properties_say_any(
				door, device->chars[k].path, interface, words[3], words[4], value);
	}
	return "ok";
}

static const struct {
	const char *word;
	const char *(*run)(struct door *door, char **words, size_t n);
} commands[] = {
	{"fault", door_fault_add},
	{"clear", clear_command},
	{"restart", restart_command},
	{"adapter", adapter_command},
	{"drop", device_command},
	{"vanish", device_command},
	{"bond", device_command},
	{"unbond", device_command},
	{"rename", device_command},
	{"handles", device_command},
	{"replay", replay_command},
	{"mtu", mtu_command},
	{"say", say_command},
	{"battery", device_command},
	{"shake", device_command},
	{"weaken", device_command},
	{"demand", pairing_command},
	{"enter", pairing_command},
	{"strangers", strangers_command},
};

static const char *run_words(struct door *door, char **words, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(words[0], commands[i].word) == 0)
			return commands[i].run(door, words, n);
	return "error unknown command";
}

bool door_command_run(struct door *door, char *line, char *answer, size_t size)
{
	char *words[8] = {0}, *save = NULL;
	size_t n = 0;

	for (char *w = strtok_r(line, " \t\r\n", &save); w && n < ARRAY_LEN(words);
		w = strtok_r(NULL, " \t\r\n", &save))
		words[n++] = w;
	if (!n || words[0][0] == '#') {
		snprintf(answer, size, "ok");
		return true;
	}
	if (strcmp(words[0], "quit") == 0) {
		snprintf(answer, size, "ok");
		return false;
	}
	if (strcmp(words[0], "count") == 0 && n > 1) {
		snprintf(answer, size, "%u", counted(door, words[1]));
		return true;
	}
	snprintf(answer, size, "%s", run_words(door, words, n));
	door_clock_wake(door);
	return true;
}
