// SPDX-License-Identifier: MIT
#pragma once
/* Three sensors at a time on trial, until one of them is chosen. coxad lets go of them by itself a few
 * seconds after the last call. Prints why it could not go on.
 */
#include <jansson.h>
#include <stdbool.h>

#include "ctl/ctl.h"

struct trying {
	struct ctl *ctl;
	json_t *wanted; /* addresses that are held */
	json_t *passed; /* those that were held and not chosen, since the others were */
	json_t *heard;  /* candidates, the nearest first */
	json_t *held;   /* how those of `wanted` are */
	bool is_held;   /* coxad does so */
	bool is_alone;  /* only whom trying_keep names is held */
};

void trying_begin(struct trying *trying, struct ctl *ctl);
void trying_end(struct trying *trying);
/* Looks and asks once, and then waits for half a second. An exit status. */
int trying_step(struct trying *trying);
/* The next three, of those that have not had their turn. */
void trying_pass(struct trying *trying);
/* This one is held from now on, if need be alone. */
void trying_keep(struct trying *trying, const char *address);
/* It is adopted. */
void trying_drop(struct trying *trying, const char *address);
/* What is known of one that is held: NULL. Borrowed until the next step. */
const json_t *trying_held(const struct trying *trying, const char *address);
/* It was heard: NULL. Borrowed until the next step. */
const json_t *trying_heard(const struct trying *trying, const char *address);
