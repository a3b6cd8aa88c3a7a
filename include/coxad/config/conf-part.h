// SPDX-License-Identifier: MIT
#pragma once
/* The part of a configuration that a capture tells of: analysis, kits and wearables, as
 * conf_print_part() writes them. Pure.
 */
#include <stddef.h>

#include "coxad/config/conf-errors.h"
#include "coxad/config/conf.h"

struct conf_part {
	const char *text;
	size_t size;
	const char *hash; /* of the configuration that it was taken from; NULL: unknown */
};

/* A whole configuration: the part from the text, which may hold nothing else, the rest as it is in
 * `running`. 0: *ret is returns-owned. -EINVAL: errors->n > 0. */
int conf_part_read(const struct conf *running, const struct conf_part *part, struct conf **ret,
	struct conf_errors *errors);
