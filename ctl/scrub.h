// SPDX-License-Identifier: MIT
#pragma once
/* Takes out of a text what is not for strangers: names become "athlete-1" and the like, the same in all of the
 * text; of Bluetooth addresses the last two bytes are left, as elsewhere; values of settings about logging in, and
 * logins in a URL, become "(set)". Pure.
 */
#include <stdbool.h>
#include <stddef.h>

struct scrub {
	bool keeps_names;
	size_t n, capacity;
	struct scrub_name {
		char *name, *word;
	} * known;
};

void scrub_done(struct scrub *scrub);
/* Once is enough; what is no letter or digit stands around a name. Numbers alone are left, except where is_person. */
void scrub_learn(struct scrub *scrub, const char *kind, const char *name, bool is_person);
/* Returns-owned. */
char *scrub_text(const struct scrub *scrub, const char *text);
