// SPDX-License-Identifier: MIT
#pragma once
/* The kinds of wearables that a script can name, and the defaults of each. The bought ones are
 * written from their makers' documents, not from coxad's drivers, so that each side checks the
 * other.
 */
#include "gym/device-private.h"

struct kind {
	const char *name;
	const struct device_ops *ops;
	const char *local_name; /* NULL: "Coxa-" and the end of the address */
	unsigned streams;       /* bits of Sensor Information; 0: they follow from the placement */
	bool has_one_button;    /* which can only report that something is wrong */
	double ppm_scale;       /* factor on the clock error of a usual crystal */
};

/* NULL for an unknown name. No name gives the native kind. */
const struct kind *kind_by_name(const char *name);
/* All names, for an error message. */
const char *kind_names(void);
