// SPDX-License-Identifier: MIT
#pragma once
/* The texts that people read in messages. They say what was observed or what to do, in at most 60
 * characters; they never name a condition.
 */
#include <stddef.h>

#include "coxad/core/result.h"

#define MESSAGE_TEXT_MAX 60 /* characters */

const char *message_text_label(enum pop_class class);
/* Contains the argument of the cue. Returns ret. */
const char *message_text_cue(const struct cue *cue, char *ret, size_t size);
