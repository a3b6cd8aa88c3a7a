// SPDX-License-Identifier: MIT
#pragma once
/* The kinds of wearables that a script can name, and what goes without saying of each. */
#include "gym/device-private.h"
#include "gym/script.h"

struct kind {
	const char *name;
	const struct device_ops *ops;
	const char *local_name; /* NULL: Coxa- and the address's end */
	unsigned streams;       /* bits of Sensor Information; 0: by the placement */
	bool has_one_button;    /* which can only say that something is wrong */
	double ppm_scale;       /* of a usual crystal's error */
};

/* NULL where there is none. Without a name the native one. */
const struct kind *kind_by_name(const char *name);
/* All names, for an error. */
const char *kind_names(void);
