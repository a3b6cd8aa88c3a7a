// SPDX-License-Identifier: MIT
#pragma once
/* What a person reads. Texts say what was seen or what to do, at most 60 characters; they never
 * name a condition.
 */
#include <stddef.h>

#include "coxad/core/result.h"

#define MESSAGE_TEXT_MAX 60 /* characters */

const char *message_text_label(enum pop_class class);
/* With the cue's argument put in. Returns ret. */
const char *message_text_cue(const struct cue *cue, char *ret, size_t size);
