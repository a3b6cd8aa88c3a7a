// SPDX-License-Identifier: MIT
#pragma once
/* A configuration while it is being read: the values so far, where each key was set, and the errors
 * with their places. Lives for one conf_read.
 */
#include <stdbool.h>
#include <stddef.h>

#include "coxad/config/conf-read.h"
#include "daemon/config/conf-table.h"

struct conf_place {
	unsigned file, line; /* line 0: the file as a whole */
};

struct conf_origin {
	const struct conf_row *row;
	unsigned owner; /* index of the kit or wearable, 0 elsewhere */
	struct conf_place place;
};

struct conf_error {
	struct conf_place place;
	size_t order;
	char *text;
};

struct conf_build {
	const struct conf_source *files;
	struct conf *conf;
	struct conf_place here;
	/* The section that keys belong to; CONF_SECTION_COUNT after a section with an error, whose
	 * keys are ignored. */
	enum conf_section section;
	bool has_section; /* false before the first section of a file: a key there is an error */
	unsigned owner;
	struct conf_place kit_place[CONF_KITS_MAX], wearable_place[CONF_WEARABLES_MAX];
	char *wearable_kit[CONF_WEARABLES_MAX]; /* NULL: not set */
	struct conf_origin *origins;
	size_t n_origins, origins_capacity;
	struct conf_error *errors;
	size_t n_errors, errors_capacity;
};

void conf_build_init(struct conf_build *build, const struct conf_source *files);
void conf_build_done(struct conf_build *build);

/* text: what is between [ and ]. */
void conf_build_section(struct conf_build *build, const char *text);
void conf_build_key(struct conf_build *build, const char *key, const char *value);
void conf_build_error(struct conf_build *build, struct conf_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Where a key was last set; NULL if it was not. */
const struct conf_origin *conf_build_origin(
	const struct conf_build *build, enum conf_section section, const char *key, unsigned owner);
