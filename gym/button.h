// SPDX-License-Identifier: MIT
#pragma once
/* The only button of a bought wearable: each symptom of the script is one press and one release.
 */
#include "gym/device-private.h"

struct button {
	size_t at; /* presses and releases so far */
};

int64_t button_due_us(const struct button *button, const struct device *device);
/* Takes what is due: true for a press, false for a release. */
bool button_take(struct button *button);
