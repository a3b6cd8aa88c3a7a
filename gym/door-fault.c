// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "gym/door-private.h"

static const char *const actions[] = {
	"none", "error", "mute", "swallow", "pretend", "delay", "drop", "eof", "crash"};

static bool door_is_who(const char *who, const char *address)
{
	return strcmp(who, "*") == 0 || strcasecmp(who, address) == 0;
}

enum door_action door_fault_take(struct door *door, const char *what, const char *who,
	int64_t *ret_arg_us, const char **ret_text)
{
	for (size_t i = 0; i < door->n_faults; i++) {
		struct door_fault *fault = &door->fault[i];

		if (fault->left == 0 || strcmp(fault->what, what) != 0 ||
			!door_is_who(fault->who, who))
			continue;
		if (fault->left > 0)
			fault->left--;
		*ret_arg_us = fault->arg_us;
		*ret_text = fault->text;
		return fault->action;
	}
	return DOOR_ACTION_NONE;
}

void door_count(struct door *door, const char *what)
{
	size_t i = 0;

	while (i < door->n_counts && strcmp(door->count[i].what, what) != 0)
		i++;
	if (i == DOOR_COUNTS_MAX)
		return;
	if (i == door->n_counts) {
		snprintf(door->count[i].what, sizeof(door->count[i].what), "%s", what);
		door->n_counts++;
	}
	door->count[i].n++;
}

static unsigned counted(const struct door *door, const char *what)
{
	unsigned links = 0;

	if (strcmp(what, "sent") == 0)
		return door->sent;
	if (strcmp(what, "lost") == 0)
		return door->lost;
	if (strcmp(what, "stray") == 0)
		return door->stray;
	if (strcmp(what, "links") == 0) {
		for (size_t i = 0; i < door->n_devices; i++)
			links += door->devices[i].is_connected;
		return links;
	}
	for (size_t i = 0; i < door->n_counts; i++)
		if (strcmp(door->count[i].what, what) == 0)
			return door->count[i].n;
	return 0;
}

static const char *add_fault(struct door *door, char **words, size_t n)
{
	struct door_fault fault = {.left = -1};

	if (n < 4)
		return "error fault WHAT WHO ACTION [ARG] [xN]";
	for (size_t i = 1; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(words[3], actions[i]) == 0)
			fault.action = (enum door_action)i;
	if (!fault.action || door->n_faults == DOOR_FAULTS_MAX)
		return "error unknown action, or too many";
	snprintf(fault.what, sizeof(fault.what), "%s", words[1]);
	snprintf(fault.who, sizeof(fault.who), "%s", words[2]);
	for (size_t i = 4; i < n; i++) {
		if (words[i][0] == 'x' && atoi(words[i] + 1) > 0)
			fault.left = atoi(words[i] + 1);
		else if (fault.action == DOOR_ACTION_ERROR)
			snprintf(fault.text, sizeof(fault.text), "%s", words[i]);
		else
			fault.arg_us = atoll(words[i]) * US_PER_MS;
	}
	door->fault[door->n_faults++] = fault;
	return "ok";
}

static const char *adapter_command(struct door *door, char **words, size_t n)
{
	unsigned number = n > 1 ? (unsigned)atoi(words[1]) : DOOR_ADAPTERS_MAX;
	struct door_adapter *adapter = &door->adapter[number];

	if (n < 3 || number >= DOOR_ADAPTERS_MAX)
		return "error adapter N remove | add ADDRESS | power on|off|blocked | limit LINKS";
	if (strcmp(words[2], "remove") == 0 && adapter->is_there) {
		door_power(door, adapter, false);
		door_unexport_adapter(door, adapter);
		return "ok";
	}
	if (strcmp(words[2], "add") == 0 && n > 3) {
		*adapter = (struct door_adapter){.is_there = true, .is_powered = true};
		snprintf(adapter->address, sizeof(adapter->address), "%s", words[3]);
		snprintf(adapter->path, sizeof(adapter->path), "/org/bluez/hci%u", number);
		for (size_t i = 0; i < door->n_devices; i++)
			if (!door->adapter[door->devices[i].adapter].is_there)
				door->devices[i].adapter = number;
		door_export_adapter(door, adapter);
		return "ok";
	}
	if (strcmp(words[2], "power") == 0 && n > 3) {
		adapter->is_blocked = strcmp(words[3], "blocked") == 0;
		door_power(door, adapter, strcmp(words[3], "on") == 0);
		return "ok";
	}
	if (strcmp(words[2], "limit") == 0 && n > 3) {
		adapter->limit = (unsigned)atoi(words[3]);
		return "ok";
	}
	return "error unknown adapter command";
}

static const char *device_command(struct door *door, char **words, size_t n)
{
	for (size_t i = 0; n > 1 && i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];

		if (!door_is_who(words[1], device->address))
			continue;
		if (strcmp(words[0], "unbond") == 0) {
			device->is_bonded = false;
			continue;
		}
		door_link_down(door, device);
		if (strcmp(words[0], "vanish") == 0)
			door_unexport_device(door, device);
	}
	return "ok";
}

bool door_command(struct door *door, char *line, char *answer, size_t size)
{
	char *words[8] = {0}, *save = NULL;
	const char *result = "error unknown command";
	size_t n = 0;

	for (char *w = strtok_r(line, " \t\r\n", &save); w && n < 8;
		w = strtok_r(NULL, " \t\r\n", &save))
		words[n++] = w;
	if (!n || words[0][0] == '#') {
		result = "ok";
	} else if (strcmp(words[0], "quit") == 0) {
		snprintf(answer, size, "ok");
		return false;
	} else if (strcmp(words[0], "fault") == 0) {
		result = add_fault(door, words, n);
	} else if (strcmp(words[0], "clear") == 0) {
		door->n_faults = 0;
		result = "ok";
	} else if (strcmp(words[0], "restart") == 0) {
		door_die(door, n > 1 ? atoll(words[1]) * US_PER_MS : 0);
		result = "ok";
	} else if (strcmp(words[0], "adapter") == 0) {
		result = adapter_command(door, words, n);
	} else if (strcmp(words[0], "drop") == 0 || strcmp(words[0], "vanish") == 0 ||
		   strcmp(words[0], "unbond") == 0) {
		result = device_command(door, words, n);
	} else if (strcmp(words[0], "strangers") == 0 && n > 2) {
		door->strangers = (unsigned)atoi(words[1]);
		door->strangers_hz = atof(words[2]);
		door->stranger_us = door_now(door);
		result = "ok";
	} else if (strcmp(words[0], "count") == 0 && n > 1) {
		snprintf(answer, size, "%u", counted(door, words[1]));
		return true;
	}
	snprintf(answer, size, "%s", result);
	door_wake(door);
	return true;
}
