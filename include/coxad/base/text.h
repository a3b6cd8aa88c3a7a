// SPDX-License-Identifier: MIT
#pragma once
/* Which characters a name, or any text that comes from outside, may have: one rule for the
 * configuration, commands, wearables, captures and what earlier runs stored. A broker hangs up on a
 * topic with the others (MQTT 5.0, 1.5.4), and two names that look alike would differ. Pure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_FAULT_SIZE 80

enum text_fault {
	TEXT_FAULT_NONE,
	TEXT_FAULT_UTF8,    /* not UTF-8 */
	TEXT_FAULT_CONTROL, /* U+0000 to U+001F, U+007F */
	TEXT_FAULT_HIDDEN   /* text_is_hidden */
};

/* U+0080 to U+009F, what Unicode reserves as noncharacter, what changes the direction of writing, what
 * is drawn as nothing or as a blank that is none. */
bool text_is_hidden(uint32_t character);
/* The first fault, and the character (for UTF8, the byte). */
enum text_fault text_check(const void *data, size_t size, uint32_t *ret_character);
bool text_is_clean(const void *data, size_t size);
/* "contains ...", to follow the name of what was checked. fault is not NONE. */
void text_explain(enum text_fault fault, uint32_t character, char ret[static TEXT_FAULT_SIZE]);
/* A topic to publish to: clean, not empty, without the wildcards + and #. */
bool text_is_topic(const char *text);
