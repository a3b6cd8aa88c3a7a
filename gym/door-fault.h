// SPDX-License-Identifier: MIT
#pragma once
/* The faults that were ordered of the fake org.bluez and have not happened yet, and how often each
 * method was called.
 */
#include "gym/door-private.h"

/* What a call or step meets. */
struct door_order {
	enum door_action action;
	int64_t arg_us;
	const char *text; /* of an error; never NULL */
};

bool door_fault_is_for(const char *who, const char *address);
/* The fault ordered for this, counted down; DOOR_ACTION_NONE if there is none. */
struct door_order door_fault_take(struct door *door, const char *what, const char *who);
/* Adds one from the words of its line, `fault WHAT WHO ACTION [ARG] [xN]`. Returns the answer. */
const char *door_fault_add(struct door *door, char **words, size_t n);
void door_fault_count(struct door *door, const char *what);
unsigned door_fault_counted(const struct door *door, const char *what);
