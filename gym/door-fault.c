// SPDX-License-Identifier: MIT
#include "gym/door-fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

static const char *const actions[] = {
	"none", "error", "mute", "swallow", "pretend", "delay", "drop", "eof", "crash", "swap"};

bool door_fault_is_for(const char *who, const char *address)
{
	return strcmp(who, "*") == 0 || strcasecmp(who, address) == 0;
}

struct door_order door_fault_take(struct door *door, const char *what, const char *who)
{
	for (size_t i = 0; i < door->n_faults; i++) {
		struct door_fault *fault = &door->fault[i];

		if (fault->left == 0 || strcmp(fault->what, what) != 0 ||
			!door_fault_is_for(fault->who, who))
			continue;
		if (fault->left > 0)
			fault->left--;
		return (struct door_order){fault->action, fault->arg_us, fault->text};
	}
	return (struct door_order){DOOR_ACTION_NONE, 0, ""};
}

void door_fault_count(struct door *door, const char *what)
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

unsigned door_fault_counted(const struct door *door, const char *what)
{
	for (size_t i = 0; i < door->n_counts; i++)
		if (strcmp(door->count[i].what, what) == 0)
			return door->count[i].n;
	return 0;
}

const char *door_fault_add(struct door *door, char **words, size_t n)
{
	struct door_fault fault = {.left = -1};

	if (n < 4)
		return "error usage: fault WHAT WHO ACTION [ARG] [xN]";
	for (size_t i = 1; i < ARRAY_LEN(actions); i++)
		if (strcmp(words[3], actions[i]) == 0)
			fault.action = (enum door_action)i;
	if (!fault.action)
		return "error unknown action";
	if (door->n_faults == DOOR_FAULTS_MAX)
		return "error too many faults";
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
