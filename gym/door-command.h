// SPDX-License-Identifier: MIT
#pragma once
/* Lines of text that order faults of the fake org.bluez; door-bus.h lists them. */
#include "gym/door-private.h"

/* Carries out a line; the answer has no newline. False: quit. */
bool door_command_run(struct door *door, char *line, char *answer, size_t size);
